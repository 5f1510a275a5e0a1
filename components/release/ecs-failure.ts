import type { Service, Task } from "@aws-sdk/client-ecs";
import { explained, type Clients } from "../aws/clients.ts";
import { hintFor } from "./ecs-reasons.ts";
import { describeTasks, taskLog } from "./ecs-task.ts";

const MOST_EVENTS = 5;

interface FailedRollout {
  readonly clients: Clients;
  readonly cluster: string;
  readonly service: string;
  readonly taskDefinition: string;
  readonly logGroup: string;
}

/** Why a rollout failed: ECS's own reason and events, what the tasks that stopped said, what usually helps, and their log. */
export async function reasonsOf(rollout: FailedRollout, service: Service): Promise<string> {
  const stopped = await stoppedTasks(rollout);
  const counted = new Map<string, number>();
  for (const reason of stopped.map(reasonOf)) counted.set(reason, (counted.get(reason) ?? 0) + 1);
  const reasons = [...counted].map(([reason, count]) => `${count} task${count > 1 ? "s" : ""} stopped: ${reason}`);
  const hints = new Set([...counted.keys()].map(hintFor).filter((hint) => hint !== undefined));
  const failing = stopped.flatMap(({ taskArn, containers = [] }) =>
    containers
      .filter(({ exitCode }) => exitCode !== undefined && exitCode !== 0)
      .map(({ name }) => ({ taskArn, name })),
  )[0];
  const log = failing?.taskArn && (await taskLog(rollout.clients, rollout.logGroup, failing.taskArn, failing.name));
  return [
    await deploymentReason(rollout, service),
    ...(service.events ?? []).slice(0, MOST_EVENTS).map(({ message = "" }) => message),
    ...reasons,
    ...hints,
    ...(log ? [`last lines of ${failing.name ?? ""}:`, log] : []),
  ]
    .filter(Boolean)
    .join("\n");
}

/** What stopped a task, with the containers that did not end well. */
function reasonOf({ stopCode, stoppedReason, containers = [] }: Task): string {
  const failed = containers
    .filter(({ exitCode, reason }) => reason !== undefined || (exitCode !== undefined && exitCode !== 0))
    .map(({ name, exitCode, reason }) =>
      `${name ?? ""} ${exitCode === undefined ? "" : `exit code ${exitCode} `}${reason ?? ""}`.trim(),
    );
  return [stopCode, stoppedReason, ...failed].filter((part) => part !== undefined).join(", ");
}

async function stoppedTasks({ clients, cluster, service, taskDefinition }: FailedRollout): Promise<Task[]> {
  const { ListTasksCommand } = await import("@aws-sdk/client-ecs");
  const input = { cluster, serviceName: service, desiredStatus: "STOPPED" } as const;
  const { taskArns = [] } = await explained("looking for stopped tasks", () =>
    clients.ecs.send(new ListTasksCommand(input)),
  );
  const tasks = await describeTasks(clients, cluster, taskArns);
  return tasks.filter((task) => task.taskDefinitionArn === taskDefinition);
}

/** The reason as the deployment itself has it; the service forgets it once it has gone back. */
async function deploymentReason(
  { clients, cluster, service }: FailedRollout,
  { deployments = [] }: Service,
): Promise<string> {
  const { ListServiceDeploymentsCommand } = await import("@aws-sdk/client-ecs");
  const { serviceDeployments = [] } = await explained("asking for the deployment", () =>
    clients.ecs.send(new ListServiceDeploymentsCommand({ cluster, service, maxResults: 1 })),
  );
  const [latest] = serviceDeployments;
  const own = deployments.find(({ rolloutState }) => rolloutState === "FAILED")?.rolloutStateReason;
  return [latest?.status, latest?.statusReason, own].filter((part) => part !== undefined).join(": ");
}
