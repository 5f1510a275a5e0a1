import { delimiter, join, resolve } from "node:path";
import { UserError } from "../components/shared/user-error.ts";
import type { Problem } from "../components/shared/user-error.ts";
import { debianImage } from "./debian-image.ts";
import { dockerEngine } from "./docker-engine.ts";
import { dockerProvider } from "./docker-provider.ts";
import { dockerRegistry } from "./docker-registry.ts";
import { engine } from "./engine.ts";
import { link } from "./files.ts";
import { languageHost } from "./language-host.ts";
import { PARTS, SWITCH } from "./part.ts";
import type { Found, Part, Site, Supplier } from "./part.ts";
import { postgresImage } from "./postgres-image.ts";
import { randomProvider } from "./random-provider.ts";
import { installer } from "./system-packages.ts";

export type { Part } from "./part.ts";

const SUPPLIERS: readonly Supplier[] = [
  engine,
  languageHost,
  dockerProvider,
  randomProvider,
  dockerEngine,
  debianImage,
  postgresImage,
  dockerRegistry,
];

export interface Supplied {
  readonly part: Part;
  /** Where it comes from, for people: `PATH`, `.local/tools/…`, or `missing` (only from `inspect`). */
  readonly from: string;
  readonly version?: string;
}

export interface Toolbox {
  /** Lay this over `process.env` for the pulumi and docker commands. */
  readonly env: Record<string, string>;
  readonly supplied: readonly Supplied[];
  /** What this or an earlier run started and this one installed, that stays; with how to end it. */
  readonly leftovers: readonly string[];
}

export interface Options {
  /** The checkout. */
  readonly root: string;
  readonly needs: readonly Part[];
  readonly say: (line: string) => void;
  /** Asked at most once, and only on a terminal, before Debian packages are installed. */
  readonly ask: (question: string) => Promise<boolean>;
}

/**
 * Gets every part that is needed and not there: the ordinary way twice, then what a closed network allows; parts that do not
 * depend on each other side by side.
 *
 * @throws UserError with every part that cannot be had.
 */
export async function prepare(options: Options): Promise<Toolbox> {
  const { site, leftovers } = openSite(options);
  const supplied = await each(options.needs, site, async (supplier) => {
    const there = await supplier.find(site);
    if (there?.leftover !== undefined) leftovers.push(there.leftover);
    if (there !== undefined) return there;
    if (process.env[SWITCH] === "off") throw new Error(`is missing, and ${SWITCH}=off forbids to get it.`);
    const had = (await ordinaryWay(supplier, site)) ?? (await supplier.standIn(site));
    site.say(`${supplier.part}: ready, from ${had.from}`);
    if (had.leftover !== undefined) leftovers.push(had.leftover);
    return had;
  });
  for (const [name, path] of Object.entries(site.commands)) link(join(site.bin, name), path);
  return { env: environment(site), supplied, leftovers };
}

/** The same answers, for `npm run doctor`, without fetching, building, installing, starting or writing anything. */
export async function inspect(options: Options): Promise<readonly Supplied[]> {
  const { site } = openSite(options);
  return each(options.needs, site, async (supplier) => (await supplier.find(site)) ?? { from: "missing" });
}

function openSite(options: Options): { site: Site; leftovers: string[] } {
  const root = resolve(options.root);
  const tools = join(root, ".local/tools");
  const pulumiHome = join(root, ".local/pulumi-home");
  const leftovers: string[] = [];
  const site: Site = {
    root,
    tools,
    bin: join(tools, "bin"),
    pulumiHome,
    env: { ...process.env, PULUMI_HOME: pulumiHome, PULUMI_SKIP_UPDATE_CHECK: "true", DOCKER_BUILDKIT: "1" },
    // Pulumi's own language host runs the `node` on PATH, which can be older than the project's.
    commands: { node: process.execPath },
    say: options.say,
    install: installer(options, leftovers),
  };
  return { site, leftovers };
}

/** Runs `act` for each part and for what it needs, as soon as that is there. */
async function each(
  needs: readonly Part[],
  site: Site,
  act: (supplier: Supplier) => Promise<Found>,
): Promise<readonly Supplied[]> {
  const running = new Map<Part, Promise<Supplied | undefined>>();
  const problems: Problem[] = [];
  const start = (part: Part): Promise<Supplied | undefined> => {
    const known = running.get(part);
    if (known !== undefined) return known;
    const supplier = SUPPLIERS.find((candidate) => candidate.part === part);
    if (supplier === undefined) throw new Error(`tools/ has no supplier of ${part}`);
    const work = (async () => {
      const before = await Promise.all(supplier.needs.map(start));
      if (before.includes(undefined)) return undefined; // that part's own problem says it all
      try {
        const found = await act(supplier);
        Object.assign(site.commands, found.commands);
        Object.assign(site.env, found.env);
        return { part, from: found.from, ...(found.version !== undefined && { version: found.version }) };
      } catch (error) {
        problems.push({
          where: part,
          what: String(error instanceof Error ? error.message : error),
          remedy: supplier.remedy,
        });
        return undefined;
      }
    })();
    running.set(part, work);
    return work;
  };
  await Promise.all(needs.map(start));
  if (problems.length > 0) throw new UserError(problems);
  const all: Supplied[] = [];
  for (const part of PARTS) {
    const supplied = await running.get(part);
    if (supplied !== undefined) all.push(supplied);
  }
  return all;
}

async function ordinaryWay(supplier: Supplier, site: Site): Promise<Found | undefined> {
  if (supplier.ordinary === undefined) return undefined;
  return (await supplier.ordinary(site)) ?? (await supplier.ordinary(site));
}

function environment(site: Site): Record<string, string> {
  const path = (process.env["PATH"] ?? "").split(delimiter).filter((folder) => resolve(folder) !== site.bin);
  const changed = Object.entries(site.env).filter(([name, value]) => value !== process.env[name]);
  return {
    ...Object.fromEntries(changed.filter((entry): entry is [string, string] => entry[1] !== undefined)),
    PATH: [site.bin, ...path].join(delimiter),
  };
}
