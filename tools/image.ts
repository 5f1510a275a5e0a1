import type { Found, Part, Site } from "./part.ts";
import { run, tryRun } from "./run.ts";

/** Marks an image that `tools/` made; its value is a digest of what it was made from. */
export const STAND_IN_LABEL = "org.wsgi-on-aws.stand-in";

/** An image that is here: pulled, or a stand-in that is up to date. */
export async function imageHere(site: Site, name: string, recipe: string): Promise<Found | undefined> {
  const format = `{{index .Config.Labels "${STAND_IN_LABEL}"}}`;
  const asked = ["image", "inspect", "--format", format, name];
  const label = await tryRun(site.commands["docker"] ?? "docker", asked, { within: 20, env: site.env });
  if (label === undefined) return undefined;
  if (label === "" || label === "<no value>") return { from: "a registry" };
  return label === recipe ? { from: `a stand-in made of Debian packages (label ${STAND_IN_LABEL})` } : undefined;
}

/** Pulls; `undefined` when no registry answers. */
export async function pulled(site: Site, name: string): Promise<Found | undefined> {
  const answer = await tryRun(site.commands["docker"] ?? "docker", ["pull", name], {
    within: 600,
    firstLineWithin: 20,
    env: site.env,
    progress: { what: `pulling ${name}`, say: site.say },
  });
  return answer === undefined ? undefined : { from: "a registry" };
}

export async function buildImage(site: Site, part: Part, args: readonly string[], seconds: number): Promise<void> {
  const progress = { what: part, say: site.say };
  const env = { ...site.env, BUILDKIT_PROGRESS: "plain", BUILDX_BUILDER: "default" };
  await run(site.commands["docker"] ?? "docker", ["build", ...args], { within: seconds, env, progress });
}
