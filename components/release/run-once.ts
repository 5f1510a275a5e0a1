import { setTimeout as sleep } from "node:timers/promises";
import { ActFailed } from "./act-failed.ts";
import { docker, dockerOrThrow } from "./docker-cli.ts";
import { oneOffArguments, type OneOff } from "./one-off.ts";

/** Longest run of a release command. One that takes longer goes on, and the next `up` waits for it again. */
const LIMIT_SECONDS = 600;
const SAY_EVERY_SECONDS = 15;

/** Label that tells release commands of one stack from its other containers. */
const RELEASE_LABEL = "wsgi-on-aws.release";

/**
 * Runs a release command to its end, once for `one.name`, even when an earlier `up` was killed in the middle: a container
 * of that name that still runs is waited for, one that has succeeded counts, one that failed is run again. Any other
 * release command of the stack that still runs is waited for first: two migrations never run at the same time.
 * @throws ActFailed with the last lines of its log
 */
export async function runOnce(one: OneOff, scope: string, say: (message: string) => void): Promise<void> {
  const command = one.command.join(" ");
  for (const other of await releaseContainers(scope)) {
    if (other === one.name) continue;
    await waitForEnd(other, "an earlier release command", say);
    await docker(["rm", "--force", "--volumes", other], { seconds: 30 });
  }

  const left = await state(one.name);
  if (left && left.status !== "running" && left.exitCode !== 0)
    await docker(["rm", "--force", "--volumes", one.name], { seconds: 30 });
  if (left?.status === "running") say(`${command}: still running from an interrupted deployment, waiting for it`);
  else if (left?.exitCode === 0) {
    say(`${command}: already done by an interrupted deployment`);
    return;
  } else {
    say(`${command}: started`);
    const labelled = { ...one, labels: { ...one.labels, [RELEASE_LABEL]: scope } };
    const flags = ["--detach", "--log-driver", "json-file"];
    await dockerOrThrow(`${command} could not be started`, oneOffArguments(labelled, ...flags), {
      env: one.env,
      seconds: 60,
    });
  }

  const seconds = await waitForEnd(one.name, command, say);
  const end = await state(one.name);
  if (end?.exitCode !== 0) {
    throw new ActFailed(
      `${command} failed with exit code ${end?.exitCode ?? "unknown"}; the version that serves stays as it is.`,
      await log(one.name),
    );
  }
  say(`${command}: done after ${seconds.toFixed(0)} s`);
}

/**
 * Removes what `runOnce` keeps as its memory. Only a later act may call it: by then the state holds that the command has
 * succeeded, and the memory has served.
 */
export async function forgetRuns(scope: string): Promise<void> {
  const names = await releaseContainers(scope);
  if (names.length) await docker(["rm", "--force", "--volumes", ...names], { seconds: 30 });
}

async function releaseContainers(scope: string): Promise<string[]> {
  const filter = `label=${RELEASE_LABEL}=${scope}`;
  const list = await dockerOrThrow("docker ps failed", ["ps", "--all", "--filter", filter, "--format", "{{.Names}}"], {
    seconds: 20,
  });
  return list.split("\n").filter(Boolean);
}

async function waitForEnd(name: string, what: string, say: (message: string) => void): Promise<number> {
  const started = Date.now();
  let said = 0;
  for (;;) {
    const passed = (Date.now() - started) / 1000;
    if ((await state(name))?.status !== "running") return passed;
    if (passed > LIMIT_SECONDS) {
      throw new ActFailed(
        `${what} still runs after ${LIMIT_SECONDS} s; the next deployment waits for it again.`,
        await log(name),
      );
    }
    if (passed - said >= SAY_EVERY_SECONDS) {
      said = passed;
      say(`${what}: running for ${passed.toFixed(0)} s`);
    }
    await sleep(300);
  }
}

async function state(name: string): Promise<{ status: string; exitCode: number } | undefined> {
  const format = "{{.State.Status}} {{.State.ExitCode}}";
  const { code, stdout } = await docker(["inspect", "--type", "container", "--format", format, name], { seconds: 20 });
  if (code !== 0) return undefined;
  const [status = "", exitCode = ""] = stdout.trim().split(" ");
  // "created" is a container whose start was interrupted: it never ran, so it is neither running nor done.
  return { status, exitCode: status === "created" ? -1 : Number(exitCode) };
}

async function log(name: string): Promise<string> {
  const { stdout, stderr } = await docker(["logs", "--tail", "40", name], { seconds: 20 });
  return stdout + stderr;
}
