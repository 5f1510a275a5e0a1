import type { Place } from "../record.ts";
import type { Stored } from "../world.ts";
import { isBack, isUndecided, servingOf, threshold, type Attempt } from "./attempt.ts";
import type { Answer } from "./handler.ts";
import { nameIn } from "./lookup.ts";
import type { ServiceEvent } from "./rollout.ts";

/** A service as DescribeServices has it. */
export function describedService(service: Stored, latest: Attempt, events: readonly ServiceEvent[]): Answer {
  const desired = Number(service.properties["desiredCount"]);
  const deployments = deploymentsOf(latest, desired);
  return {
    serviceArn: service.id,
    serviceName: nameIn(service.id),
    clusterArn: service.properties["cluster"],
    status: "ACTIVE",
    launchType: service.properties["launchType"],
    desiredCount: desired,
    runningCount: deployments.reduce((sum, { runningCount }) => sum + runningCount, 0),
    pendingCount: deployments.reduce((sum, { pendingCount }) => sum + pendingCount, 0),
    taskDefinition: servingOf(latest).taskDefinition,
    deployments,
    events,
  };
}

/** A service that was deleted: ECS still knows it for a while. */
export const describedInactive = (service: Stored): Answer => ({
  serviceArn: service.id,
  serviceName: nameIn(service.id),
  clusterArn: service.properties["cluster"],
  status: "INACTIVE",
  desiredCount: 0,
  runningCount: 0,
  pendingCount: 0,
  deployments: [],
  events: [],
});

interface Deployment {
  readonly status: "PRIMARY" | "ACTIVE";
  readonly rolloutState: "IN_PROGRESS" | "COMPLETED" | "FAILED";
  readonly runningCount: number;
  readonly pendingCount: number;
}

function deploymentsOf(latest: Attempt, desired: number): Deployment[] {
  const { before } = latest;
  const old = before ? [deployment(before, "ACTIVE", "COMPLETED", desired, desired)] : [];
  if (isUndecided(latest)) return [deployment(latest, "PRIMARY", "IN_PROGRESS", latest.running, desired), ...old];
  if (latest.status === "SUCCESSFUL") return [deployment(latest, "PRIMARY", "COMPLETED", desired, desired)];
  if (latest.status === "STOPPED") return [deployment(latest, "PRIMARY", "FAILED", 0, 0), ...old];
  const gone = latest.status === "ROLLBACK_SUCCESSFUL";
  const back = deployment(servingOf(latest), "PRIMARY", gone ? "COMPLETED" : "IN_PROGRESS", desired, desired);
  return gone ? [back] : [back, deployment(latest, "ACTIVE", "FAILED", 0, 0)];
}

const deployment = (
  attempt: Attempt,
  status: Deployment["status"],
  rolloutState: Deployment["rolloutState"],
  runningCount: number,
  desiredCount: number,
): Deployment & Answer => ({
  id: `ecs-svc/${attempt.id}`,
  status,
  taskDefinition: attempt.taskDefinition,
  desiredCount,
  runningCount,
  pendingCount: desiredCount - runningCount,
  failedTasks: attempt.failed,
  createdAt: attempt.createdAt,
  rolloutState,
  rolloutStateReason:
    rolloutState === "FAILED"
      ? attempt.statusReason
      : `ECS deployment ecs-svc/${attempt.id} ${rolloutState === "COMPLETED" ? "completed" : "in progress"}.`,
});

const arn = ({ region, account }: Place, kind: string, service: Stored, id: string): string =>
  `arn:aws:ecs:${region}:${account}:${kind}/${nameIn(service.properties["cluster"])}/${nameIn(service.id)}/${id}`;

export const serviceDeploymentArn = (place: Place, service: Stored, { id }: Attempt): string =>
  arn(place, "service-deployment", service, id);

/** An attempt as ListServiceDeployments has it. */
export const briefDeployment = (place: Place, service: Stored, attempt: Attempt): Answer => ({
  serviceDeploymentArn: serviceDeploymentArn(place, service, attempt),
  serviceArn: service.id,
  clusterArn: service.properties["cluster"],
  createdAt: attempt.createdAt,
  startedAt: attempt.startedAt,
  finishedAt: attempt.finishedAt,
  targetServiceRevisionArn: arn(place, "service-revision", service, attempt.id),
  status: attempt.status,
  statusReason: attempt.statusReason,
});

/** An attempt as DescribeServiceDeployments has it. */
export function describedDeployment(place: Place, service: Stored, attempt: Attempt): Answer {
  const { targetServiceRevisionArn, ...brief } = briefDeployment(place, service, attempt);
  const { before, running, failed, status, statusReason } = attempt;
  const desired = Number(service.properties["desiredCount"]);
  const revision = (of: Attempt, runningTaskCount: number) => ({
    arn: arn(place, "service-revision", service, of.id),
    requestedTaskCount: desired,
    runningTaskCount,
    pendingTaskCount: 0,
  });
  const monitor = status === "SUCCESSFUL" ? "MONITORING_COMPLETE" : isUndecided(attempt) ? "MONITORING" : "TRIGGERED";
  return {
    ...brief,
    sourceServiceRevisions: before ? [revision(before, desired)] : [],
    targetServiceRevision: { ...revision(attempt, running), arn: targetServiceRevisionArn },
    deploymentCircuitBreaker: { status: monitor, failureCount: failed, threshold: threshold(desired) },
    ...(isUndecided(attempt) && { lifecycleStage: "SCALE_UP" }),
    ...(isBack(attempt) &&
      before && {
        rollback: {
          reason: statusReason,
          startedAt: attempt.rollbackAt,
          serviceRevisionArn: arn(place, "service-revision", service, before.id),
        },
      }),
  };
}
