import type { Clients } from "../aws/clients.ts";
import { explained } from "../aws/clients.ts";
import { LOG_PREFIX } from "../host/container-definitions.ts";
import { ActFailed } from "./act-failed.ts";
import { hintFor } from "./ecs-reasons.ts";
import { COMMAND_CONTAINER, describeTasks, endingOf, sleep, startTask, type OneOffTask } from "./ecs-task.ts";

/** How long ECS may not know a task that it has just started, in questions. */
const UNKNOWN_QUESTIONS = 20;

/**
 * Runs one command in a task of its own, prints what it writes as it comes, and returns its exit code.
 * @param print gets each line
 * @param say gets what the task is doing before it runs
 * @throws ActFailed when the task never ran, with ECS's reason
 */
export async function runAndFollow(
  task: OneOffTask & { readonly logGroup: string },
  print: (line: string) => void,
  say: (message: string) => void,
): Promise<number> {
  const arn = await startTask(task, "manage", `manage-${crypto.randomUUID()}`);
  const follow = follower(task.clients, task.logGroup, arn, print);
  let status = "";
  for (let unknown = 0; ;) {
    const [found] = await describeTasks(task.clients, task.cluster, [arn]);
    if (found === undefined && ++unknown > UNKNOWN_QUESTIONS) {
      throw new ActFailed(`ECS does not know the task any more (${arn}).`);
    }
    const now = found?.lastStatus?.toLowerCase() ?? status;
    if (now !== status && now !== "stopped" && now !== "running") say(`${now} …`);
    status = now;
    await follow();
    if (found?.lastStatus === "STOPPED") {
      await sleep(); // the last lines reach CloudWatch a moment after the end
      await follow();
      const { exitCode, reasons } = endingOf(found);
      if (exitCode !== undefined) return exitCode;
      throw new ActFailed("The task never ran.", [reasons, hintFor(reasons)].filter(Boolean).join("\n"));
    }
    await sleep();
  }
}

/** Prints the lines that are new since the last call. */
function follower({ logs }: Clients, logGroupName: string, arn: string, print: (line: string) => void) {
  const logStreamName = `${LOG_PREFIX}/${COMMAND_CONTAINER}/${arn.split("/").at(-1) ?? ""}`;
  let nextToken: string | undefined;
  return async (): Promise<void> => {
    const { GetLogEventsCommand } = await import("@aws-sdk/client-cloudwatch-logs");
    for (;;) {
      const input = { logGroupName, logStreamName, startFromHead: true, ...(nextToken !== undefined && { nextToken }) };
      const page = await explained("reading the log", () => logs.send(new GetLogEventsCommand(input))).catch(
        (error: unknown) => {
          // There is no stream before the first line.
          if (error instanceof ActFailed && error.message.includes("ResourceNotFoundException")) return undefined;
          throw error;
        },
      );
      if (page === undefined) return;
      for (const { message = "" } of page.events ?? []) print(message);
      const done = page.nextForwardToken === nextToken || (page.events ?? []).length === 0;
      nextToken = page.nextForwardToken;
      if (done) return;
    }
  };
}
