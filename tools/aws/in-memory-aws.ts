import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DockerTasks } from "./api/docker-tasks.ts";
import { startApi, type ApiServer } from "./api/server.ts";
import { ACCOUNT } from "./place.ts";
import { writeAwsPlugin } from "./plugin.ts";
import type { Place, Seed } from "./record.ts";
import { startRegistry } from "./registry.ts";
import { World } from "./world.ts";

export interface InMemoryAws {
  readonly api: ApiServer;
  readonly place: Place;
  readonly tasks: DockerTasks;
  /** Lay this over the environment of `pulumi`. */
  readonly env: Readonly<Record<string, string>>;
  readonly close: () => Promise<void>;
}

/**
 * A whole in-memory AWS: world, registry, the services that the program calls itself, and a PULUMI_HOME in which the engine
 * finds its provider.
 * @param folder empty; everything is kept in it, secrets in clear: remove it afterwards
 */
export async function startAws(options: {
  readonly folder: string;
  readonly region: string;
  readonly seed: Seed;
  /** PULUMI_HOME with the other providers. */
  readonly pulumiHome: string;
  /** The program docker-registry. */
  readonly registry: string;
}): Promise<InMemoryAws> {
  const { folder, region, seed } = options;
  const [home, worldFolder, seedFile] = [join(folder, "home"), join(folder, "world"), join(folder, "seed.json")];
  linkProviders(join(options.pulumiHome, "plugins"), join(home, "plugins"));
  writeAwsPlugin(home);
  writeFileSync(seedFile, JSON.stringify(seed));

  const registry = await startRegistry(options.registry, join(folder, "registry"));
  const place: Place = { account: ACCOUNT, region, registry: registry.host, world: new World(worldFolder), seed };
  const tasks = new DockerTasks(place);
  const api = await startApi(place, tasks, tasks.gateway);
  tasks.api = api.innerUrl ?? "";
  return {
    api,
    place,
    tasks,
    env: {
      PULUMI_HOME: home,
      AWS_REGION: region,
      AWS_ACCESS_KEY_ID: "in-memory",
      AWS_SECRET_ACCESS_KEY: "in-memory",
      AWS_ENDPOINT_URL: api.url,
      WSGI_ON_AWS_WORLD: worldFolder,
      WSGI_ON_AWS_REGISTRY: registry.host,
      WSGI_ON_AWS_SEED: seedFile,
      WSGI_ON_AWS_POLL_SECONDS: "0.1",
    },
    close: async () => {
      await api.close();
      registry.close();
    },
  };
}

/** The engine takes a folder with a file in it, not a link to one. */
function linkProviders(from: string, to: string): void {
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    if (!entry.isDirectory() || entry.name.startsWith("resource-aws-")) continue;
    mkdirSync(join(to, entry.name), { recursive: true });
    for (const file of readdirSync(join(from, entry.name))) {
      symlinkSync(join(from, entry.name, file), join(to, entry.name, file));
    }
  }
}
