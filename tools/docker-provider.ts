import { existsSync, lstatSync } from "node:fs";
import { join } from "node:path";
import { describeKept, digestOf, isLinkTo, keep, link } from "./files.ts";
import { goBuild } from "./go-build.ts";
import { VERSIONS } from "./part.ts";
import type { Found, Site, Supplier } from "./part.ts";
import { installable, installedByEngine, pluginPath } from "./plugin.ts";

const NAME = "pulumi-resource-docker";

/** The provider of `@pulumi/docker`: installs itself, or is the Terraform provider behind the same names. */
export const dockerProvider: Supplier = {
  part: "provider docker",
  needs: [],
  find: (site) => Promise.resolve(installedByEngine(site, "docker", isLink) ?? own(site)),
  ordinary: () => installable("docker"),
  standIn: async (site) => {
    const program = {
      module: sourceOf(site),
      package: ".",
      flags: ["-tags", "no_compose", "-ldflags", "-s -w"],
      what: `docker provider ${VERSIONS.docker}`,
    };
    if (!existsSync(folderOf(site))) site.say(`${program.what}: the engine cannot install it here`);
    await keep(folderOf(site), "the Terraform provider, built from Go modules", (folder) =>
      goBuild(site, program, join(folder, NAME)),
    );
    link(pluginPath(site, "docker"), join(folderOf(site), NAME));
    return own(site) ?? Promise.reject(new Error("the build left no provider."));
  },
  remedy: `Run \`pulumi plugin install resource docker ${VERSIONS.docker}\`.`,
};

function sourceOf(site: Site): string {
  return join(site.root, "tools/docker-provider");
}

/** A changed source is another version. */
function folderOf(site: Site): string {
  return join(site.tools, "docker-provider", `${VERSIONS.docker}-${digestOf(sourceOf(site))}`);
}

function own(site: Site): Found | undefined {
  const folder = folderOf(site);
  if (!existsSync(join(folder, NAME)) || !isLinkTo(pluginPath(site, "docker"), join(folder, NAME))) return undefined;
  return { from: describeKept(site, folder), version: VERSIONS.docker };
}

function isLink(path: string): boolean {
  return lstatSync(path).isSymbolicLink();
}
