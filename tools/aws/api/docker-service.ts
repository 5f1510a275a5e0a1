import { spawnSync } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import type { Place } from "../record.ts";
import { containersOf, type Container } from "../records/container-checks.ts";
import { DEFINITION } from "../records/ecs.ts";
import { environmentOf, runArguments } from "./docker-container.ts";
import { docker } from "./docker-cli.ts";

const SECONDS = 60;

/** A task of a service that runs for real. */
export interface RunningTask {
  /** Port on 127.0.0.1 of the one container port that the definition publishes. */
  readonly port: number;
  /** Ids by container. */
  readonly containers: Readonly<Record<string, string>>;
}

/**
 * Runs all containers of a task definition on this machine's Docker engine as ECS does: empty volumes, one network for all,
 * each as soon as what it depends on has succeeded or is healthy.
 * @param options go to every `docker run`, as its label and network
 * @throws Error with the log of the container that does not do what it should
 */
export async function runTask(
  place: Place,
  definition: string,
  name: string,
  options: readonly string[],
): Promise<RunningTask> {
  const stored = place.world.get(DEFINITION, definition);
  const all = stored ? containersOf(stored.properties) : [];
  const started: Record<string, string> = {};
  const start = async (container: Container): Promise<void> => {
    if (started[container.name ?? ""] !== undefined) return;
    for (const { containerName, condition } of container.dependsOn ?? []) {
      const other = all.find((each) => each.name === containerName);
      if (other === undefined) throw new Error(`${container.name ?? ""} depends on nothing`);
      await start(other);
      await until(other, started[other.name ?? ""] ?? "", condition ?? "");
    }
    const env = environmentOf(container, place);
    const ports = (container.portMappings ?? []).flatMap(({ containerPort }) => [
      "--publish",
      `127.0.0.1:0:${containerPort ?? 0}`,
    ]);
    const volumes = (volume: string) => `${name}-${volume}`;
    started[container.name ?? ""] = docker(
      "run",
      "--detach",
      ...options,
      ...ports,
      ...runArguments(container, env, volumes),
      env,
    );
  };
  for (const container of all) await start(container);
  const published = all.find(({ portMappings = [] }) => portMappings.length > 0);
  if (published === undefined) throw new Error("no container of the task publishes a port");
  await until(published, started[published.name ?? ""] ?? "", "HEALTHY");
  const [, port] = docker("port", started[published.name ?? ""] ?? "").split(/:(?=\d+$)/);
  return { port: Number(port), containers: started };
}

async function until(container: Container, id: string, condition: string): Promise<void> {
  const deadline = Date.now() + SECONDS * 1000;
  const log = () => {
    const { stdout, stderr } = spawnSync("docker", ["logs", id], { encoding: "utf8" });
    return stdout + stderr;
  };
  for (;;) {
    const [running, exitCode] = docker("inspect", "--format", "{{.State.Running}} {{.State.ExitCode}}", id).split(" ");
    if (condition === "HEALTHY") {
      if (running !== "true") throw new Error(`${container.name ?? ""} ended with ${exitCode ?? ""}:\n${log()}`);
      const [, ...check] = container.healthCheck?.command ?? [];
      if (spawnSync("docker", ["exec", id, ...check]).status === 0) return;
    } else if (running === "false") {
      if (exitCode === "0") return;
      throw new Error(`${container.name ?? ""} ended with ${exitCode ?? ""}:\n${log()}`);
    }
    if (Date.now() > deadline)
      throw new Error(`${container.name ?? ""} is not ${condition} after ${SECONDS} s:\n${log()}`);
    await sleep(200);
  }
}
