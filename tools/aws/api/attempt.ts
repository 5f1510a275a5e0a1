import { now } from "./handler.ts";

/** One attempt to make a service run a revision: what ECS calls a service deployment. Times in seconds. */
export interface Attempt {
  /** Number of the deployment: `ecs-svc/<id>`. */
  readonly id: string;
  /** ARN of the revision. */
  readonly taskDefinition: string;
  /** The one that served when this one began: what ECS goes back to. */
  readonly before?: Attempt;
  status:
    | "PENDING"
    | "IN_PROGRESS"
    | "SUCCESSFUL"
    | "STOPPED"
    | "ROLLBACK_REQUESTED"
    | "ROLLBACK_IN_PROGRESS"
    | "ROLLBACK_SUCCESSFUL";
  statusReason?: string;
  /** Tasks of the revision that run. */
  running: number;
  /** Tasks of the revision that stopped. */
  failed: number;
  /** Questions since it began, or began to go back. */
  polls: number;
  readonly createdAt: number;
  startedAt?: number;
  rollbackAt?: number;
  finishedAt?: number;
}

/** What decides how an attempt goes on. */
export interface Circumstances {
  /** Whether tasks of the revision stop. */
  readonly fails: boolean;
  /** Questions that it takes longer. */
  readonly slow: number;
  /** Questions during which it goes back. */
  readonly slowRollback: number;
  readonly desired: number;
  readonly breaker: { readonly enable: boolean; readonly rollback: boolean };
}

const REASON = "ECS deployment circuit breaker: tasks failed to start.";

/**
 * Failed tasks after which the circuit breaker acts: half of the desired ones, but 3 to 200.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-circuit-breaker.html
 */
export const threshold = (desired: number): number => Math.min(200, Math.max(3, Math.ceil(desired / 2)));

export const isUndecided = ({ status }: Attempt): boolean => status === "PENDING" || status === "IN_PROGRESS";
/** Whether it has failed, and ECS goes back, or has gone. */
export const isBack = ({ status }: Attempt): boolean => status.startsWith("ROLLBACK_");
/** What serves, or is to: the attempt itself, or the one before it. */
export const servingOf = (attempt: Attempt): Attempt => (isBack(attempt) && attempt.before) || attempt;
/** What served last: what a new attempt would go back to. */
export const servedBefore = (attempt: Attempt): Attempt | undefined =>
  attempt.status === "SUCCESSFUL" ? attempt : attempt.before;

/** Moves an attempt on by one question; returns what ECS writes into the events of the service. */
export function advance(attempt: Attempt, circumstances: Circumstances): string[] {
  attempt.polls += 1;
  switch (attempt.status) {
    case "PENDING":
      attempt.status = "IN_PROGRESS";
      attempt.startedAt = now();
      return [`has started ${circumstances.desired} tasks.`, ...startTasks(attempt, circumstances)];
    case "IN_PROGRESS":
      return startTasks(attempt, circumstances);
    case "ROLLBACK_REQUESTED":
    case "ROLLBACK_IN_PROGRESS":
      return goBack(attempt, circumstances);
    default:
      return [];
  }
}

function startTasks(attempt: Attempt, circumstances: Circumstances): string[] {
  const { fails, slow, desired, breaker } = circumstances;
  if (fails) {
    attempt.failed += 1;
    return breaker.enable && attempt.failed >= threshold(desired) ? giveUp(attempt, circumstances) : [];
  }
  if (attempt.polls <= 1 + slow) return [];
  if (attempt.running < desired) {
    attempt.running += 1;
    return [];
  }
  attempt.status = "SUCCESSFUL";
  attempt.finishedAt = now();
  return completed(attempt);
}

function giveUp(attempt: Attempt, circumstances: Circumstances): string[] {
  attempt.statusReason = REASON;
  attempt.running = 0;
  attempt.polls = 0;
  const failed = `(${nameOf(attempt)}) deployment failed: tasks failed to start.`;
  if (!circumstances.breaker.rollback || attempt.before === undefined) {
    attempt.status = "STOPPED";
    attempt.finishedAt = now();
    return [failed];
  }
  attempt.status = "ROLLBACK_REQUESTED";
  attempt.rollbackAt = now();
  return [failed, `rolling back to ${nameOf(attempt.before)}.`, ...goBack(attempt, circumstances)];
}

function goBack(attempt: Attempt, { slowRollback }: Circumstances): string[] {
  if (attempt.polls < slowRollback) {
    if (attempt.polls > 0) attempt.status = "ROLLBACK_IN_PROGRESS";
    return [];
  }
  attempt.status = "ROLLBACK_SUCCESSFUL";
  attempt.finishedAt = now();
  return completed(servingOf(attempt));
}

const nameOf = ({ id }: Attempt): string => `deployment ecs-svc/${id}`;
const completed = (attempt: Attempt): string[] => [
  `(${nameOf(attempt)}) deployment completed.`,
  "has reached a steady state.",
];
