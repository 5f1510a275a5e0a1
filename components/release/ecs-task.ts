import { setTimeout as wait } from "node:timers/promises";
import type { Task } from "@aws-sdk/client-ecs";
import { explained, type Clients } from "../aws/clients.ts";
import { LOG_PREFIX } from "../host/container-definitions.ts";
import { ActFailed } from "./act-failed.ts";

/** Between two questions about something that takes minutes. Tests that drive the whole engine ask more often. */
export const pollSeconds = (): number => Number(process.env["WSGI_ON_AWS_POLL_SECONDS"] ?? 5);
export const sleep = (): Promise<void> => wait(pollSeconds() * 1000);

/** The container of the application in a task that runs one command. */
export const COMMAND_CONTAINER = "gunicorn";

/** One command in a task of its own. */
export interface OneOffTask {
  readonly clients: Clients;
  readonly cluster: string;
  /** ARN of the task definition of the application alone. */
  readonly taskDefinition: string;
  readonly command: readonly string[];
  readonly network: {
    readonly subnets: readonly string[];
    readonly securityGroups: readonly string[];
    readonly assignPublicIp: boolean;
  };
}

/** How a stopped task ended. */
export interface Ending {
  /** Undefined when its container never ran. */
  readonly exitCode: number | undefined;
  /** ECS's own words. */
  readonly reasons: string;
}

/**
 * Starts the task and returns its ARN. The same token never starts a second one.
 * @throws ActFailed with AWS's reasons
 */
export async function startTask(task: OneOffTask, startedBy: string, clientToken: string): Promise<string> {
  const { RunTaskCommand } = await import("@aws-sdk/client-ecs");
  const { clients, cluster, taskDefinition, command, network } = task;
  const { tasks = [], failures = [] } = await explained(`starting ${command.join(" ")}`, () =>
    clients.ecs.send(
      new RunTaskCommand({
        cluster,
        taskDefinition,
        launchType: "FARGATE",
        count: 1,
        startedBy,
        clientToken,
        overrides: { containerOverrides: [{ name: COMMAND_CONTAINER, command: [...command] }] },
        networkConfiguration: {
          awsvpcConfiguration: {
            subnets: [...network.subnets],
            securityGroups: [...network.securityGroups],
            assignPublicIp: network.assignPublicIp ? "ENABLED" : "DISABLED",
          },
        },
      }),
    ),
  );
  const arn = tasks[0]?.taskArn;
  if (arn === undefined) {
    const reasons = failures.map(({ reason, detail }) => [reason, detail].filter(Boolean).join(": "));
    throw new ActFailed(`ECS did not start ${command.join(" ")}.`, reasons.join("\n"));
  }
  return arn;
}

/** The tasks with these ARNs; ones that ECS does not know (yet, or any more) are missing. */
export async function describeTasks({ ecs }: Clients, cluster: string, tasks: readonly string[]): Promise<Task[]> {
  if (tasks.length === 0) return [];
  const { DescribeTasksCommand } = await import("@aws-sdk/client-ecs");
  const answer = await explained("asking for a task", () =>
    ecs.send(new DescribeTasksCommand({ cluster, tasks: [...tasks] })),
  );
  return answer.tasks ?? [];
}

export function endingOf(task: Task, container = COMMAND_CONTAINER): Ending {
  const found = task.containers?.find(({ name }) => name === container);
  const reasons = [task.stopCode, task.stoppedReason, found?.reason].filter((reason) => reason !== undefined);
  return { exitCode: found?.exitCode, reasons: reasons.join(": ") };
}

/** The last lines reach CloudWatch a moment after a task has stopped. */
const LOG_QUESTIONS = 3;

/** The last lines that a container of a task wrote; empty when it never ran. */
export async function taskLog(
  { logs }: Clients,
  logGroup: string,
  taskArn: string,
  container = COMMAND_CONTAINER,
): Promise<string> {
  const { GetLogEventsCommand } = await import("@aws-sdk/client-cloudwatch-logs");
  const logStreamName = `${LOG_PREFIX}/${container}/${taskArn.split("/").at(-1) ?? ""}`;
  try {
    for (let question = 1; question <= LOG_QUESTIONS; question++) {
      const input = { logGroupName: logGroup, logStreamName, limit: 60, startFromHead: false };
      const { events = [] } = await logs.send(new GetLogEventsCommand(input));
      if (events.length > 0) return events.map(({ message = "" }) => message).join("\n");
      await sleep();
    }
    return "";
  } catch (error) {
    // A task that could not start has no stream; why it could not, ECS has said already.
    if (error instanceof Error && error.name === "ResourceNotFoundException") return "";
    return `(its log cannot be read: ${String(error)})`;
  }
}
