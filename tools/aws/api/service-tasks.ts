import { createHash } from "node:crypto";
import { hex } from "../ids.ts";
import type { Place } from "../record.ts";
import { containersOf } from "../records/container-checks.ts";
import type { Stored } from "../world.ts";
import { isUndecided, servedBefore, servingOf, type Attempt } from "./attempt.ts";
import { definitionOf, nameIn } from "./lookup.ts";
import type { TaskState } from "./tasks.ts";

/** ARN of a task. */
export const taskArn = ({ region, account }: Place, cluster: unknown, id: string): string =>
  `arn:aws:ecs:${region}:${account}:task/${nameIn(cluster)}/${id}`;

/** The tasks that a service runs. Nothing runs for them: they are only described. */
export function runningTasks(place: Place, service: Stored, latest: Attempt): TaskState[] {
  const desired = Number(service.properties["desiredCount"]);
  const old = isUndecided(latest) ? servedBefore(latest) : undefined;
  const count = latest.status === "STOPPED" ? 0 : isUndecided(latest) ? latest.running : desired;
  return [...some(place, service, servingOf(latest), count), ...(old ? some(place, service, old, desired) : [])];
}

function some(place: Place, service: Stored, attempt: Attempt, count: number): TaskState[] {
  const containers = containersOf(definitionOf(place, attempt.taskDefinition).properties);
  return Array.from({ length: count }, (_, index) => ({
    ...ofService(place, service, attempt, createHash("md5").update(`${attempt.id} ${index}`).digest("hex")),
    status: "RUNNING",
    containers: containers.map(({ name = "", essential = true }) => (essential ? { name } : { name, exitCode: 0 })),
  }));
}

/** A task that has just stopped: because one container ended, or because it could not start at all. */
export function failedTask(
  place: Place,
  service: Stored,
  attempt: Attempt,
  guilty: string,
  cannotStart: string | undefined,
): TaskState {
  const containers = containersOf(definitionOf(place, attempt.taskDefinition).properties);
  const end = cannotStart === undefined ? { exitCode: 3 } : { reason: cannotStart };
  return {
    ...ofService(place, service, attempt, hex(32)),
    status: "STOPPED",
    stopCode: cannotStart === undefined ? "EssentialContainerExited" : "TaskFailedToStart",
    stoppedReason: cannotStart ?? "Essential container in task exited",
    containers: containers.map(({ name = "" }) => ({ name, ...(name === guilty && end) })),
  };
}

const ofService = (place: Place, service: Stored, attempt: Attempt, id: string) => ({
  arn: taskArn(place, service.properties["cluster"], id),
  definition: attempt.taskDefinition,
  startedBy: `ecs-svc/${attempt.id}`,
  service: nameIn(service.id),
});
