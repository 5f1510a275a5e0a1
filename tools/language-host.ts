import { existsSync, readFileSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { allOnPath, isLauncher, launcher, writeExecutable } from "./files.ts";
import type { Found, Site, Supplier } from "./part.ts";

const NAME = "pulumi-language-nodejs";

/** What starts the program for the engine: comes with it, but for the one that is built from the Go module. */
export const languageHost: Supplier = {
  part: "language host",
  needs: ["engine"],
  find: (site) => Promise.resolve(find(site)),
  standIn: (site) => {
    writeExecutable(ownPath(site), text(site));
    const found = find(site);
    return found === undefined ? Promise.reject(new Error("could not be written.")) : Promise.resolve(found);
  },
  remedy: "Install Pulumi with its language hosts: https://www.pulumi.com/docs/iac/download-install/",
};

function find(site: Site): Found | undefined {
  if (site.commands["pulumi"] === undefined) return undefined;
  const own = ownPath(site);
  const beside = join(engineFolder(site), NAME);
  if (existsSync(beside) && !isLauncher(beside)) return { from: "with the engine" };
  if (allOnPath(site, NAME).length > 0) return { from: "PATH" };
  if (!existsSync(own) || readFileSync(own, "utf8") !== text(site)) return undefined;
  return { from: "tools/language-host (runs this Node)", version: process.versions.node };
}

function engineFolder(site: Site): string {
  return dirname(realpathSync(site.commands["pulumi"] ?? ""));
}

/** Beside an engine of our own, where the engine takes it without a warning; else on PATH. */
function ownPath(site: Site): string {
  const folder = engineFolder(site);
  return join(folder.startsWith(realpathSync(site.tools)) ? folder : site.bin, NAME);
}

function text(site: Site): string {
  return launcher(join(site.root, "tools/language-host/main.ts"));
}
