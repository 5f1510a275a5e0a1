import { allOnPath } from "./files.ts";
import type { Found, Site, Supplier } from "./part.ts";

const NAME = "docker-registry";

/** The registry program that stands for ECR in tests. */
export const dockerRegistry: Supplier = {
  part: "docker registry",
  needs: [],
  find: (site) => Promise.resolve(find(site)),
  standIn: async (site) => {
    await site.install([NAME], "a registry on loopback stands for ECR in tests");
    const found = find(site);
    if (found === undefined) throw new Error("is installed, but not on PATH.");
    return found;
  },
  remedy:
    "Install Debian's docker-registry, or put `registry` of github.com/distribution/distribution on PATH under that name.",
};

function find(site: Site): Found | undefined {
  const [program] = allOnPath(site, NAME);
  return program === undefined ? undefined : { from: program, commands: { [NAME]: program } };
}
