import type { Deployment, Service } from "@aws-sdk/client-ecs";
import { explained, type Clients } from "../aws/clients.ts";
import { ActFailed } from "./act-failed.ts";
import { reasonsOf } from "./ecs-failure.ts";
import { pollSeconds, sleep } from "./ecs-task.ts";

export interface Rollout {
  readonly clients: Clients;
  /** ARN or name of the cluster. */
  readonly cluster: string;
  /** Name of the service. */
  readonly service: string;
  /** ARN of the revision that is to run. */
  readonly taskDefinition: string;
  readonly logGroup: string;
  /** When to give up waiting; see components/edge/rollout.ts. */
  readonly deadlineSeconds: number;
  readonly say: (message: string) => void;
}

/**
 * Makes the service run the revision, and waits until nothing else runs. ECS answers a failed rollout by going back to the
 * revision before, and then looks healthy: so what runs is compared, and after a rollback the revision is asked for again.
 * @throws ActFailed when ECS rolls back or cannot start it, with the reasons of the tasks that stopped
 */
export async function makeLive(rollout: Rollout): Promise<void> {
  const { taskDefinition, deadlineSeconds, say } = rollout;
  let service = await describe(rollout);
  // What an earlier deployment left: ECS has gone back, or given up where it had nothing to go back to.
  if (service.taskDefinition !== taskDefinition || hasFailed(service, taskDefinition)) {
    say(`An earlier rollout failed; asking for ${short(taskDefinition)} again`);
    service = await ask(rollout);
  }
  const begun = Date.now();
  let seconds = 0;
  let shown = "";
  for (;;) {
    if (isDone(service, taskDefinition)) {
      say(`${short(taskDefinition)} serves, after ${((Date.now() - begun) / 1000).toFixed(0)} s`);
      return;
    }
    if (service.taskDefinition !== taskDefinition || hasFailed(service, taskDefinition)) {
      const went =
        service.taskDefinition === taskDefinition ? "" : `; ECS went back to ${short(service.taskDefinition)}`;
      throw new ActFailed(`The rollout of ${short(taskDefinition)} failed${went}.`, await reasonsOf(rollout, service));
    }
    if (seconds >= deadlineSeconds) {
      throw new ActFailed(
        `ECS has not decided about ${short(taskDefinition)} within ${deadlineSeconds} s. It goes on; the next pulumi up waits for it again.`,
        await reasonsOf(rollout, service),
      );
    }
    const now = progress(service, taskDefinition);
    if (now !== shown) say(now);
    shown = now;
    await sleep();
    seconds += Math.max(pollSeconds(), 0.01);
    service = await describe(rollout);
  }
}

const deploymentsOf = ({ deployments = [] }: Service): readonly Deployment[] => deployments;

/** A failed rollout that ECS has nothing to go back to stays as it is. */
const hasFailed = (service: Service, taskDefinition: string): boolean =>
  deploymentsOf(service).some(
    (deployment) => deployment.taskDefinition === taskDefinition && deployment.rolloutState === "FAILED",
  );

/** One deployment is left, it is the one that was asked for, and all its tasks run. */
function isDone(service: Service, taskDefinition: string): boolean {
  const [only, ...others] = deploymentsOf(service);
  return (
    only?.taskDefinition === taskDefinition &&
    others.length === 0 &&
    only.rolloutState === "COMPLETED" &&
    only.runningCount === service.desiredCount
  );
}

function progress(service: Service, taskDefinition: string): string {
  return deploymentsOf(service)
    .map((deployment) => {
      const { runningCount = 0, desiredCount = 0, pendingCount = 0, failedTasks = 0 } = deployment;
      const name = deployment.taskDefinition === taskDefinition ? short(taskDefinition) : "the version before";
      const extra = [pendingCount && `${pendingCount} starting`, failedTasks && `${failedTasks} failed`].filter(
        Boolean,
      );
      return `${name}: ${[`${runningCount} of ${desiredCount} running`, ...extra].join(", ")}`;
    })
    .join("; ");
}

async function describe({ clients, cluster, service }: Rollout): Promise<Service> {
  const { DescribeServicesCommand } = await import("@aws-sdk/client-ecs");
  const { services = [] } = await explained("asking for the service", () =>
    clients.ecs.send(new DescribeServicesCommand({ cluster, services: [service] })),
  );
  const [found] = services;
  if (found === undefined || found.status !== "ACTIVE") {
    const state = found?.status?.toLowerCase() ?? "gone";
    throw new ActFailed(
      `The service ${service} is ${state}: somebody deleted it outside of Pulumi. Run pulumi refresh, then pulumi up.`,
    );
  }
  return found;
}

async function ask({ clients, cluster, service, taskDefinition }: Rollout): Promise<Service> {
  const { UpdateServiceCommand } = await import("@aws-sdk/client-ecs");
  const input = { cluster, service, taskDefinition, forceNewDeployment: true };
  const { service: updated } = await explained("asking for the revision again", () =>
    clients.ecs.send(new UpdateServiceCommand(input)),
  );
  if (!updated) throw new ActFailed(`ECS gave no answer about ${service}. Run pulumi up again.`);
  return updated;
}

/** `family:7` of a revision's ARN. */
const short = (arn: string | undefined): string => arn?.split("/").at(-1) ?? "an unknown revision";
