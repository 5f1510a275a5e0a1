import { setTimeout as sleep } from "node:timers/promises";
import { installScript } from "../edge/nginx-container.ts";
import { ActFailed } from "./act-failed.ts";
import { docker, dockerOrThrow } from "./docker-cli.ts";
import { oneOffArguments, type OneOff } from "./one-off.ts";

const RELOAD_SECONDS = 15;

/**
 * Checks nginx.conf with the nginx that will run it, installs it into the volume and, where that nginx already runs,
 * reloads it and waits until new worker processes have taken over from all old ones. A refused text changes nothing.
 * @throws ActFailed with nginx's own message
 */
export async function installNginxConf(args: {
  readonly text: string;
  /** A container of the nginx image with the volume, writable, at /etc/nginx-conf; its command is set here. */
  readonly check: Omit<OneOff, "command">;
  /** Name of the container that serves. */
  readonly serving: string;
  readonly say: (message: string) => void;
}): Promise<void> {
  const { text, check, serving, say } = args;
  await docker(["rm", "--force", "--volumes", check.name], { seconds: 30 });
  const run = oneOffArguments({ ...check, command: ["sh", "-c", installScript("cat")] }, "--rm", "--interactive");
  await dockerOrThrow("nginx refused the configuration; the one that serves stays as it is.", run, {
    input: text,
    seconds: 60,
  });

  const before = await workers(serving);
  if (!before) {
    say("nginx.conf accepted and installed");
    return;
  }
  await dockerOrThrow("nginx could not be reloaded", ["kill", "--signal", "HUP", serving], { seconds: 20 });
  const deadline = Date.now() + RELOAD_SECONDS * 1000;
  while (Date.now() < deadline) {
    const now = await workers(serving);
    if (now?.length && !now.some((pid) => before.includes(pid))) {
      say("nginx.conf accepted, installed and reloaded");
      return;
    }
    await sleep(100);
  }
  const { stdout, stderr } = await docker(["logs", "--tail", "20", serving], { seconds: 20 });
  throw new ActFailed(`nginx did not take the new configuration within ${RELOAD_SECONDS} s.`, stdout + stderr);
}

/** Process ids of the workers that accept connections; undefined when the container does not run. */
async function workers(container: string): Promise<string[] | undefined> {
  const { code, stdout } = await docker(["top", container, "-eo", "pid,args"], { seconds: 20 });
  if (code !== 0) return undefined;
  const accepting = stdout
    .split("\n")
    .filter((line) => line.includes("worker process") && !line.includes("shutting down"));
  return accepting.map((line) => line.trim().split(/\s+/)[0] ?? "");
}
