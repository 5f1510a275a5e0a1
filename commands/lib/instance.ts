import { spawnSync } from "node:child_process";
import { INSTANCE_LABEL } from "../../components/host/docker-labels.ts";
import { UserError } from "../../components/shared/user-error.ts";
import { readState, type State } from "./pulumi.ts";

/** A container of a stack, as `docker ps` sees it. */
export interface RunningContainer {
  readonly id: string;
  readonly name: string;
  /** What it is in the stack, as `nginx` or `gunicorn-1`. */
  readonly part: string;
  /** As `Up 2 minutes (healthy)`. */
  readonly status: string;
  readonly ports: string;
}

/** Id that all Docker objects of the stack carry as a label; undefined before the first start. */
export function instanceOf(state: State): string | undefined {
  const names = state.resources.find(({ type }) => type === "random:index/randomId:RandomId");
  return names?.outputs?.hex as string | undefined;
}

function docker(args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync("docker", args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`docker ${args.join(" ")} failed:\n${stderr}`);
  return stdout;
}

const byLabel = (instance: string) => ["--filter", `label=${INSTANCE_LABEL}=${instance}`];
const lines = (text: string) => text.split("\n").filter(Boolean);

export function containersOf(instance: string | undefined): RunningContainer[] {
  if (instance === undefined) return [];
  const format = "{{.ID}}\t{{.Names}}\t{{.Status}}\t{{.Ports}}";
  const list = lines(docker(["ps", "--all", "--no-trunc", ...byLabel(instance), "--format", format]));
  return list.map((line) => {
    const [id = "", name = "", status = "", ports = ""] = line.split("\t");
    return { id, name, part: name.slice(name.indexOf(instance) + instance.length + 1), status, ports };
  });
}

/**
 * The containers of a stack that has been started.
 * @throws UserError when there are none
 */
export function runningContainers(stack: string): RunningContainer[] {
  const containers = containersOf(instanceOf(readState(stack)));
  if (containers.length) return containers.sort((a, b) => a.name.localeCompare(b.name));
  throw new UserError([{ where: `stack ${stack}`, what: "does not run.", remedy: "Start it with npm start." }]);
}

/** The container of this part. */
export function containerOf(containers: readonly RunningContainer[], part: string): RunningContainer | undefined {
  return containers.find((container) => container.part === part);
}

/**
 * Removes containers and networks that carry the stack's label and are not in its state: what a killed run left. Volumes
 * are adopted by the next run, for their names stay the same. A finished or running release command stays too: the next
 * run takes its result (components/release/run-once.ts).
 * @returns the names of what was removed
 */
export function removeLeftovers(state: State, everything = false): string[] {
  const instance = instanceOf(state);
  if (instance === undefined) return [];
  const known = new Set(state.resources.map(({ id }) => id));
  const left = containersOf(instance).filter(
    ({ id, name }) => !known.has(id) && (everything || !name.includes("-release-migrate-")),
  );
  if (left.length) docker(["rm", "--force", "--volumes", ...left.map(({ id }) => id)]);
  const networks = lines(
    docker(["network", "ls", "--no-trunc", ...byLabel(instance), "--format", "{{.ID}}\t{{.Name}}"]),
  )
    .map((line) => line.split("\t"))
    .filter(([id = ""]) => !known.has(id));
  if (networks.length) docker(["network", "rm", ...networks.flatMap(([id = ""]) => id)]);
  return [...left.map(({ name }) => name), ...networks.map(([, name = ""]) => name)];
}

/** Removes the stack's volumes, its data among them. */
export function removeVolumes(instance: string | undefined): string[] {
  if (instance === undefined) return [];
  const volumes = lines(docker(["volume", "ls", ...byLabel(instance), "--format", "{{.Name}}"]));
  if (volumes.length) docker(["volume", "rm", ...volumes]);
  return volumes;
}
