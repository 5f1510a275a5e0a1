import { hex } from "../ids.ts";
import type { Place } from "../record.ts";
import { DEFINITION, SERVICE } from "../records/ecs.ts";
import type { Stored } from "../world.ts";
import type { Faults } from "./handler.ts";
import type { Tasks } from "./tasks.ts";

const REASON = "ECS deployment circuit breaker: tasks failed to start.";
/** Failed tasks after which ECS gives a rollout up. */
const THRESHOLD = 3;

/** One attempt to make a service run a revision. */
export interface Attempt {
  readonly id: string;
  readonly taskDefinition: string;
  readonly status:
    "IN_PROGRESS" | "SUCCESSFUL" | "ROLLBACK_IN_PROGRESS" | "ROLLBACK_SUCCESSFUL" | "ROLLBACK_FAILED" | "STOPPED";
  readonly statusReason?: string;
}

interface State {
  attempt: Attempt;
  /** The revision that worked last. */
  stable?: string;
  polls: number;
  failed: number;
  readonly attempts: Attempt[];
  readonly events: string[];
}

/** Rollouts of all services. One moves on with each question about its service, as a real one does with time. */
export class Rollouts {
  readonly #place: Place;
  readonly #tasks: Tasks;
  readonly #faults: Faults;
  readonly #states = new Map<string, State>();

  constructor(place: Place, tasks: Tasks, faults: Faults) {
    this.#place = place;
    this.#tasks = tasks;
    this.#faults = faults;
  }

  attempts(service: Stored): readonly Attempt[] {
    return this.#states.get(service.id)?.attempts ?? [];
  }

  /** A new attempt, whatever runs: UpdateService with another revision, or by force. */
  begin(service: Stored): State {
    const before = this.#states.get(service.id);
    const taskDefinition = String(service.properties["taskDefinition"]);
    const attempt: Attempt = { id: `ecs-svc/${hex(16)}`, taskDefinition, status: "IN_PROGRESS" };
    const state: State = {
      attempt,
      ...(before?.stable !== undefined && { stable: before.stable }),
      polls: 0,
      failed: 0,
      attempts: [attempt, ...(before?.attempts ?? [])],
      events: [`(service ${nameOf(service)}) has started 1 tasks`, ...(before?.events ?? [])],
    };
    this.#states.set(service.id, state);
    return state;
  }

  /** The service as ECS describes it, one step further. */
  describe(service: Stored): Readonly<Record<string, unknown>> {
    const requested = String(service.properties["taskDefinition"]);
    const known = this.#states.get(service.id);
    const state = known?.attempt.taskDefinition === requested ? known : this.begin(service);
    const runs = this.#step(service, state);
    const desired = Number(service.properties["desiredCount"]);
    const { attempt, stable, failed } = state;
    const deployment = (taskDefinition: string, rolloutState: string, runningCount: number, more = {}) => ({
      id: attempt.id,
      status: "PRIMARY",
      taskDefinition,
      desiredCount: desired,
      pendingCount: desired - runningCount,
      runningCount,
      failedTasks: 0,
      rolloutState,
      ...more,
    });
    const old =
      stable !== undefined && stable !== attempt.taskDefinition
        ? [deployment(stable, "COMPLETED", desired, { status: "ACTIVE" })]
        : [];
    const deployments = {
      starting: () => [deployment(attempt.taskDefinition, "IN_PROGRESS", 0, { failedTasks: failed }), ...old],
      running: () => [deployment(attempt.taskDefinition, "IN_PROGRESS", desired), ...old],
      done: () => [deployment(attempt.taskDefinition, "COMPLETED", desired)],
      failed: () => [
        deployment(attempt.taskDefinition, "FAILED", 0, { failedTasks: failed, rolloutStateReason: REASON }),
      ],
      back: () => [deployment(stable ?? "", "COMPLETED", desired)],
    }[runs]();
    return {
      serviceArn: service.id,
      serviceName: nameOf(service),
      clusterArn: service.properties["cluster"],
      status: "ACTIVE",
      desiredCount: desired,
      runningCount: runs === "starting" || runs === "failed" ? 0 : desired,
      taskDefinition: runs === "back" ? stable : attempt.taskDefinition,
      deployments,
      events: state.events.map((message, index) => ({ id: String(index), message })),
    };
  }

  #step(service: Stored, state: State): "starting" | "running" | "done" | "failed" | "back" {
    if (state.attempt.status === "SUCCESSFUL") return "done";
    if (state.attempt.status === "STOPPED") return "failed";
    state.polls += 1;
    if (this.#fails(state.attempt.taskDefinition)) return this.#failure(service, state);
    const slow = this.#faults.slow ?? 0;
    if (state.polls <= 1 + slow) return "starting";
    if (state.polls === 2 + slow) return "running";
    this.#end(state, "SUCCESSFUL");
    state.stable = state.attempt.taskDefinition;
    state.events.unshift(`(service ${nameOf(service)}) has reached a steady state.`);
    return "done";
  }

  #fails(taskDefinition: string): boolean {
    const { failing } = this.#faults;
    const definition = this.#place.world.get(DEFINITION, taskDefinition);
    return failing !== undefined && String(definition?.properties["containerDefinitions"]).includes(failing);
  }

  #failure(service: Stored, state: State): "starting" | "failed" | "back" {
    state.failed += 1;
    const task = hex(32);
    const cluster = String(service.properties["cluster"]).split("/").at(-1) ?? "";
    this.#tasks.remember(
      {
        arn: `arn:aws:ecs:${this.#place.region}:${this.#place.account}:task/${cluster}/${task}`,
        definition: state.attempt.taskDefinition,
        startedBy: state.attempt.id,
        service: nameOf(service),
        status: "STOPPED",
        stopCode: "EssentialContainerExited",
        stoppedReason: "Essential container in task exited",
        containers: [{ name: "gunicorn", exitCode: 3 }],
      },
      ["ModuleNotFoundError: No module named 'broken'"],
    );
    if (state.failed < THRESHOLD) return "starting";
    const name = `(service ${nameOf(service)}) (deployment ${state.attempt.id})`;
    state.events.unshift(`${name} deployment failed: tasks failed to start.`);
    if (state.stable === undefined || state.stable === state.attempt.taskDefinition) {
      this.#end(state, "STOPPED", REASON);
      return "failed";
    }
    this.#end(state, "ROLLBACK_SUCCESSFUL", REASON);
    state.events.unshift(`(service ${nameOf(service)}) rolling back to deployment of ${state.stable}.`);
    // From here on ECS itself says that the old revision is the one that was asked for.
    const { world } = this.#place;
    world.put({ ...service, properties: { ...service.properties, taskDefinition: state.stable } });
    const back: Attempt = { id: `ecs-svc/${hex(16)}`, taskDefinition: state.stable, status: "SUCCESSFUL" };
    this.#states.set(service.id, { ...state, attempt: back });
    return "back";
  }

  #end(state: State, status: Attempt["status"], statusReason?: string): void {
    state.attempt = { ...state.attempt, status, ...(statusReason !== undefined && { statusReason }) };
    state.attempts[0] = state.attempt;
  }
}

export const nameOf = ({ id }: Stored): string => id.split("/").at(-1) ?? "";

/** A service by name or ARN, in a cluster by name or ARN. */
export function findService({ world }: Place, cluster: unknown, service: unknown): Stored | undefined {
  const last = (value: unknown) => String(value).split("/").at(-1);
  return world
    .all(SERVICE)
    .find((stored) => nameOf(stored) === last(service) && last(stored.properties["cluster"]) === last(cluster));
}
