import { randomInt } from "node:crypto";
import type { Place } from "../record.ts";
import { containersOf } from "../records/container-checks.ts";
import { SERVICE } from "../records/ecs.ts";
import type { Stored } from "../world.ts";
import { advance, isUndecided, servedBefore, servingOf, type Attempt } from "./attempt.ts";
import { now, type Faults } from "./handler.ts";
import { definitionOf, nameIn } from "./lookup.ts";
import { failedTask, runningTasks } from "./service-tasks.ts";
import type { Tasks, TaskState } from "./tasks.ts";

/** What tasks that fail have written. */
const LOG = ["ModuleNotFoundError: No module named 'broken'"];

export interface ServiceEvent {
  readonly id: string;
  readonly createdAt: number;
  readonly message: string;
}

/** The rollouts of one service, newest first. */
interface History {
  readonly attempts: Attempt[];
  readonly events: ServiceEvent[];
}

/** Rollouts of all services. One moves on with each question about its service, as a real one does with time. */
export class Rollouts {
  readonly #place: Place;
  readonly #tasks: Tasks;
  readonly #faults: Faults;
  readonly #histories = new Map<string, History>();

  constructor(place: Place, tasks: Tasks, faults: Faults) {
    this.#place = place;
    this.#tasks = tasks;
    this.#faults = faults;
  }

  /** The rollouts of a service, newest first, without moving on. */
  attempts(service: Stored): readonly [Attempt, ...Attempt[]] {
    const [latest, ...others] = this.#histories.get(service.id)?.attempts ?? [];
    const wanted = service.properties["taskDefinition"];
    // The provider writes what it asks for into the world, and nothing else.
    if (latest && servingOf(latest).taskDefinition === wanted) return [latest, ...others];
    return [this.begin(service), ...(latest ? [latest, ...others] : [])];
  }

  events(service: Stored): readonly ServiceEvent[] {
    return this.#histories.get(service.id)?.events ?? [];
  }

  /** A new attempt, whatever runs: another revision, or by force. */
  begin(service: Stored): Attempt {
    const history = this.#histories.get(service.id) ?? { attempts: [], events: [] };
    const [latest] = history.attempts;
    const before = latest && servedBefore(latest);
    if (latest && latest.finishedAt === undefined) Object.assign(latest, { status: "STOPPED", finishedAt: now() });
    const attempt: Attempt = {
      id: String(randomInt(1e12, 1e13)),
      taskDefinition: String(service.properties["taskDefinition"]),
      ...(before && { before }),
      status: "PENDING",
      running: 0,
      failed: 0,
      polls: 0,
      createdAt: now(),
    };
    history.attempts.unshift(attempt);
    this.#histories.set(service.id, history);
    return attempt;
  }

  /** Answers one question about a service: its rollout moves on. */
  poll(service: Stored): void {
    const [attempt] = this.attempts(service);
    const history = this.#histories.get(service.id);
    const { enable, rollback } = {
      ...(service.properties["deploymentCircuitBreaker"] as object | undefined),
    } as Partial<Record<string, boolean>>;
    const messages = advance(attempt, {
      fails: isUndecided(attempt) && this.#fail(service, attempt),
      slow: this.#faults.slow ?? 0,
      slowRollback: this.#faults.slowRollback ?? 0,
      desired: Number(service.properties["desiredCount"]),
      breaker: { enable: enable === true, rollback: rollback === true },
    });
    for (const message of messages) {
      const id = String((history?.events.length ?? 0) + 1);
      history?.events.unshift({ id, createdAt: now(), message: `(service ${nameIn(service.id)}) ${message}` });
    }
    // When it goes back, ECS itself says that the old revision is the one that was asked for.
    const { taskDefinition } = servingOf(attempt);
    if (taskDefinition !== service.properties["taskDefinition"]) {
      this.#place.world.put({ ...service, properties: { ...service.properties, taskDefinition } });
    }
  }

  /** The service is gone, and with it what was known of its rollouts. */
  forget(service: Stored): void {
    this.#place.world.remove(SERVICE, service.key);
    this.#histories.delete(service.id);
  }

  /** The tasks that services run. */
  running(): readonly TaskState[] {
    const services = this.#place.world.all(SERVICE).filter(({ id }) => this.#histories.has(id));
    return services.flatMap((service) => runningTasks(this.#place, service, this.attempts(service)[0]));
  }

  /** Whether the revision fails; if so, with one more stopped task. */
  #fail(service: Stored, attempt: Attempt): boolean {
    const { failing, cannotStart } = this.#faults;
    const { properties } = definitionOf(this.#place, attempt.taskDefinition);
    if (failing === undefined || !String(properties["containerDefinitions"]).includes(failing)) return false;
    const essential = containersOf(properties).filter((each) => each.essential !== false);
    const guilty = essential.find((each) => JSON.stringify(each).includes(failing)) ?? essential[0];
    this.#tasks.remember(failedTask(this.#place, service, attempt, guilty?.name ?? "", cannotStart), LOG);
    return true;
  }
}
