import { createHash } from "node:crypto";
import type { Task } from "@aws-sdk/client-ecs";
import { explained } from "../aws/clients.ts";
import { ActFailed } from "./act-failed.ts";
import { hintFor } from "./ecs-reasons.ts";
import { describeTasks, endingOf, pollSeconds, sleep, startTask, taskLog, type OneOffTask } from "./ecs-task.ts";

/** Longest run of a release command. One that takes longer goes on, and the next `up` waits for it again. */
const LIMIT_SECONDS = 600;
const SAY_EVERY_SECONDS = 15;
/** How long ECS may not know a task that it has just started. */
const UNKNOWN_SECONDS = 60;

export interface ReleaseTask extends OneOffTask {
  /** Image of the application, by digest: with the command it names the run. */
  readonly image: string;
  readonly logGroup: string;
  readonly say: (message: string) => void;
}

/**
 * Runs a release command to its end, once for an image and a command, even when an earlier `up` was killed in the middle: a
 * task that still runs is waited for, one that has succeeded counts, one that failed is run again. A release command of
 * another version that still runs is waited for first: two migrations never run at the same time.
 * @throws ActFailed with the last lines of its log
 */
export async function runTaskOnce(release: ReleaseTask): Promise<void> {
  const { command, say } = release;
  const words = command.join(" ");
  const name = nameOf(release);
  const others = (await tasksOf(release, "RUNNING")).filter(({ startedBy }) => startedBy !== name);
  for (const other of others) await untilStopped(release, other.taskArn ?? "", "an earlier release command");

  const [running] = await tasksOf(release, "RUNNING", name);
  const ended = await tasksOf(release, "STOPPED", name);
  let task = running?.taskArn;
  if (task !== undefined) {
    say(`${words}: still running from an interrupted deployment, waiting for it`);
  } else if (ended.some((stopped) => endingOf(stopped).exitCode === 0)) {
    say(`${words}: already done by an interrupted deployment`);
    return;
  } else {
    // Before ListTasks knows a new task, a second RunTask gets the same one by its token. ECS remembers tokens for longer
    // than stopped tasks (24 hours against one), so the hour is part of it: a run that failed is run again tomorrow, too.
    task = await startTask(release, name, `${name}-${ended.length}-${Math.floor(Date.now() / 3_600_000)}`);
    say(`${words}: started as a task of its own`);
  }

  const started = Date.now();
  const stopped = await untilStopped(release, task, words);
  const { exitCode, reasons } = endingOf(stopped);
  if (exitCode !== 0) {
    const how = exitCode === undefined ? "never ran" : `failed with exit code ${exitCode}`;
    const hint = hintFor(reasons);
    throw new ActFailed(
      `${words} ${how}; the version that serves stays as it is.\n${reasons}${hint ? `\n${hint}` : ""}`,
      await taskLog(release.clients, release.logGroup, task),
    );
  }
  say(`${words}: done after ${((Date.now() - started) / 1000).toFixed(0)} s`);
}

/** 28 characters that name the image and the command, so that a later run recognises the task of this one. */
function nameOf({ image, command }: ReleaseTask): string {
  return `release-${createHash("sha256")
    .update(JSON.stringify([image, command]))
    .digest("hex")
    .slice(0, 20)}`;
}

async function tasksOf(
  { clients, cluster, taskDefinition }: ReleaseTask,
  desiredStatus: "RUNNING" | "STOPPED",
  startedBy?: string,
): Promise<Task[]> {
  const { ListTasksCommand } = await import("@aws-sdk/client-ecs");
  const family = taskDefinition.split("/").at(-1)?.split(":")[0];
  // ECS takes one of the two filters.
  const filter = startedBy === undefined ? { family } : { startedBy };
  const { taskArns = [] } = await explained("looking for an earlier release command", () =>
    clients.ecs.send(new ListTasksCommand({ cluster, desiredStatus, ...filter })),
  );
  const tasks = await describeTasks(clients, cluster, taskArns);
  return startedBy === undefined ? tasks.filter((task) => task.startedBy?.startsWith("release-")) : tasks;
}

async function untilStopped(release: ReleaseTask, task: string, what: string): Promise<Task> {
  const { clients, cluster, say } = release;
  let seconds = 0;
  let said = 0;
  for (;;) {
    const [found] = await describeTasks(clients, cluster, [task]);
    if (found?.lastStatus === "STOPPED") return found;
    if (found === undefined && seconds > UNKNOWN_SECONDS) {
      throw new ActFailed(`ECS does not know the task of ${what} any more (${task}). Run pulumi up again.`);
    }
    if (seconds > LIMIT_SECONDS) {
      throw new ActFailed(
        `${what} still runs after ${LIMIT_SECONDS} s; the next deployment waits for it again.`,
        await taskLog(clients, release.logGroup, task),
      );
    }
    if (seconds - said >= SAY_EVERY_SECONDS) {
      said = seconds;
      say(`${what}: ${found?.lastStatus?.toLowerCase() ?? "not known yet"}, ${seconds.toFixed(0)} s`);
    }
    await sleep();
    seconds += Math.max(pollSeconds(), 0.01);
  }
}
