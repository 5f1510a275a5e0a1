import { finding, text, type Finding } from "../record.ts";
import type { Properties } from "../world.ts";

export interface Container {
  readonly name?: string;
  readonly image?: string;
  readonly user?: string;
  readonly command?: readonly string[];
  readonly essential?: boolean;
  readonly cpu?: number;
  readonly memory?: number;
  readonly memoryReservation?: number;
  readonly stopTimeout?: number;
  readonly portMappings?: readonly { readonly containerPort?: number }[];
  readonly mountPoints?: readonly {
    readonly sourceVolume?: string;
    readonly containerPath?: string;
    readonly readOnly?: boolean;
  }[];
  readonly environment?: readonly { readonly name?: string; readonly value?: unknown }[];
  readonly secrets?: readonly { readonly name?: string; readonly valueFrom?: string }[];
  readonly dependsOn?: readonly { readonly containerName?: string; readonly condition?: string }[];
  readonly healthCheck?: Readonly<Record<"interval" | "timeout" | "retries" | "startPeriod", number>> & {
    readonly command?: readonly string[];
  };
  readonly logConfiguration?: { readonly logDriver?: string; readonly options?: Readonly<Record<string, string>> };
}

/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_HealthCheck.html */
const HEALTH = { interval: [5, 300], timeout: [2, 60], retries: [1, 10], startPeriod: [0, 300] } as const;
const MOST_BYTES = 65_536;

/** Containers as the definition has them; none while they are not known. */
export function containersOf(inputs: Properties): readonly Container[] {
  const json = text(inputs, "containerDefinitions");
  return json === undefined ? [] : (JSON.parse(json) as Container[]);
}

/** What ECS says about container definitions when they are registered; the provider reads the JSON before. */
export function containerDefinitions(inputs: Properties): Finding {
  const json = text(inputs, "containerDefinitions");
  if (json === undefined) return undefined;
  const wrong = (what: string) => finding("containerDefinitions", `ClientException: ${what}`);
  let containers: readonly Container[];
  try {
    containers = containersOf(inputs);
  } catch {
    return wrong("Container definitions are not JSON");
  }
  if (Buffer.byteLength(json) > MOST_BYTES) return wrong("Actual length: Max length: 65536");
  if (!containers.some(({ essential = true }) => essential)) return wrong("At least one container must be essential");
  const names = containers.map(({ name = "" }) => name);
  if (new Set(names).size < names.length) return wrong("Container names must be unique");
  const ports = containers.flatMap(({ portMappings = [] }) => portMappings.map(({ containerPort }) => containerPort));
  if (new Set(ports).size < ports.length) return wrong("A port is mapped twice");
  const volumes = new Set(((inputs["volumes"] ?? []) as { name: string }[]).map(({ name }) => name));
  for (const container of containers) {
    const found =
      one(container, containers, inputs) ?? mounts(container, inputs["volumes"] === undefined ? undefined : volumes);
    if (found !== undefined) return wrong(`${container.name ?? "?"}: ${found}`);
  }
  return cycle(containers) ? wrong("Container dependencies form a cycle") : undefined;
}

function one(container: Container, all: readonly Container[], inputs: Properties): string | undefined {
  const { name = "", image = "", memory, memoryReservation, stopTimeout, healthCheck, dependsOn = [] } = container;
  if (!/^[A-Za-z0-9_-]{1,255}$/.test(name)) return "Invalid container name";
  if (image === "") return "image is required";
  if (memory !== undefined && memory < 6) return "memory is less than 6 MiB";
  if (memory !== undefined && memory > Number(inputs["memory"])) return "memory is more than the task's";
  if ((memoryReservation ?? 0) > (memory ?? Infinity)) return "memoryReservation is more than memory";
  if (stopTimeout !== undefined && (stopTimeout < 2 || stopTimeout > 120))
    return `stopTimeout ${stopTimeout} is not between 2 and 120`;
  for (const [key, [least, most]] of Object.entries(HEALTH)) {
    const value = healthCheck?.[key as keyof typeof HEALTH];
    if (value !== undefined && (value < least || value > most))
      return `healthCheck.${key} ${value} is not between ${least} and ${most}`;
  }
  if (healthCheck && !["CMD", "CMD-SHELL", "NONE"].includes(healthCheck.command?.[0] ?? ""))
    return "healthCheck.command has to begin with CMD";
  for (const { containerName, condition = "" } of dependsOn) {
    const other = all.find((each) => each.name === containerName);
    if (other === undefined) return `depends on ${containerName ?? "?"}, which is not there`;
    if (!["START", "COMPLETE", "SUCCESS", "HEALTHY"].includes(condition)) return `condition ${condition}`;
    if (condition === "HEALTHY" && other.healthCheck === undefined)
      return `waits for the health of ${containerName ?? ""}, which has no check`;
    if (["COMPLETE", "SUCCESS"].includes(condition) && other.essential !== false)
      return `waits for the end of ${containerName ?? ""}, which is essential`;
  }
  if (container.environment?.some(({ value }) => typeof value !== "string"))
    return "environment holds a value that is no text";
  const [cpu, total] = [all.reduce((sum, each) => sum + (each.cpu ?? 0), 0), Number(inputs["cpu"])];
  if (cpu > total) return `the containers want ${cpu} CPU units of ${total}`;
  return undefined;
}

function mounts({ mountPoints = [] }: Container, volumes: ReadonlySet<string> | undefined): string | undefined {
  const missing = mountPoints.find(({ sourceVolume = "" }) => volumes && !volumes.has(sourceVolume));
  return missing && `Unknown volume '${missing.sourceVolume ?? ""}'`;
}

function cycle(containers: readonly Container[]): boolean {
  const next = new Map(
    containers.map(({ name, dependsOn = [] }) => [name, dependsOn.map(({ containerName }) => containerName)]),
  );
  const reaches = (from: string | undefined, to: string | undefined, depth: number): boolean =>
    depth < containers.length && (next.get(from) ?? []).some((each) => each === to || reaches(each, to, depth + 1));
  return containers.some(({ name }) => reaches(name, name, 0));
}
