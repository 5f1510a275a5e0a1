import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isLauncher, launcher, writeExecutable } from "./files.ts";
import { VERSIONS } from "./part.ts";
import type { Found, Site, Supplier } from "./part.ts";
import { installable, installedByEngine, pluginPath } from "./plugin.ts";

/** The provider of `@pulumi/random`: installs itself, or is a stand-in with the few types in use. */
export const randomProvider: Supplier = {
  part: "provider random",
  needs: [],
  find: (site) => Promise.resolve(installedByEngine(site, "random", isLauncher) ?? own(site)),
  ordinary: () => installable("random"),
  standIn: (site) => {
    writeExecutable(pluginPath(site, "random"), text(site));
    return Promise.resolve(own(site) ?? Promise.reject(new Error("could not be written.")));
  },
  remedy: `Run \`pulumi plugin install resource random ${VERSIONS.random}\`.`,
};

function text(site: Site): string {
  return launcher(join(site.root, "tools/random-provider/main.ts"));
}

function own(site: Site): Found | undefined {
  const path = pluginPath(site, "random");
  if (!existsSync(path) || readFileSync(path, "utf8") !== text(site)) return undefined;
  return { from: "tools/random-provider", version: VERSIONS.random };
}
