import { existsSync } from "node:fs";
import { join } from "node:path";
import { VERSIONS } from "./part.ts";
import type { Found, Site } from "./part.ts";

type Provider = "docker" | "random";

/**
 * Where the engine looks for a provider. Here it takes it silently; of one on PATH it warns at every command.
 */
export function pluginPath(site: Site, name: Provider): string {
  return join(site.pulumiHome, `plugins/resource-${name}-v${VERSIONS[name]}/pulumi-resource-${name}`);
}

/** A provider that the engine has installed itself. */
export function installedByEngine(site: Site, name: Provider, isOwn: (path: string) => boolean): Found | undefined {
  const path = pluginPath(site, name);
  if (!existsSync(path) || isOwn(path)) return undefined;
  return { from: "installed by the engine", version: VERSIONS[name] };
}

/** Nothing to do where the engine can install it itself, from either of the places where it looks. */
export async function installable(name: Provider): Promise<Found | undefined> {
  const file = `pulumi-resource-${name}-v${VERSIONS[name]}-${process.platform}-${process.arch === "x64" ? "amd64" : process.arch}.tar.gz`;
  const places = [
    `https://get.pulumi.com/releases/plugins/${file}`,
    `https://github.com/pulumi/pulumi-${name}/releases/download/v${VERSIONS[name]}/${file}`,
  ];
  const open = await Promise.all(places.map(answersHead));
  return open.includes(true)
    ? { from: "the engine installs it when it is needed", version: VERSIONS[name] }
    : undefined;
}

function answersHead(url: string): Promise<boolean> {
  return fetch(url, { method: "HEAD", signal: AbortSignal.timeout(4_000) }).then(
    ({ ok }) => ok,
    () => false,
  );
}
