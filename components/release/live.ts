import { setTimeout as sleep } from "node:timers/promises";
import { ActFailed } from "./act-failed.ts";
import { docker } from "./docker-cli.ts";

/** Seconds a container gets to answer its first health check. */
const DEADLINE_SECONDS = 60;
/** Restarts after which waiting longer would only hide the reason. */
const MOST_RESTARTS = 2;

/**
 * Waits until the container's health command succeeds.
 * @throws ActFailed with the last lines of its log when it crash-loops, has stopped, or does not answer within 60 s
 */
export async function waitUntilLive(args: {
  /** What the user knows it as, in messages. */
  readonly what: string;
  /** Id or name. */
  readonly container: string;
  readonly command: readonly string[];
  readonly say: (message: string) => void;
}): Promise<void> {
  const { what, container, command, say } = args;
  const started = Date.now();
  const passed = () => (Date.now() - started) / 1000;
  for (;;) {
    const health = await docker(["exec", container, ...command], { seconds: 10 });
    if (health.code === 0) break;
    const state = await inspect(container);
    const gaveUp = passed() > DEADLINE_SECONDS || state.gone || state.restarts >= MOST_RESTARTS;
    if (gaveUp)
      throw new ActFailed(
        `${what} does not work: ${describe(state)}`,
        await lastLog(container, health.stderr + health.stdout),
      );
    await sleep(300);
  }
  say(`${what} answers after ${passed().toFixed(1)} s`);
}

interface State {
  readonly gone: boolean;
  readonly status: string;
  readonly restarts: number;
  readonly exitCode: number;
}

async function inspect(container: string): Promise<State> {
  const format = "{{.State.Status}} {{.RestartCount}} {{.State.ExitCode}}";
  const { code, stdout } = await docker(["inspect", "--format", format, container], { seconds: 10 });
  const [status = "missing", restarts = "0", exitCode = "0"] = stdout.trim().split(" ");
  return {
    gone: code !== 0 || status === "exited" || status === "dead",
    status,
    restarts: Number(restarts),
    exitCode: Number(exitCode),
  };
}

function describe({ gone, status, restarts, exitCode }: State): string {
  if (gone) return `the container is ${status}, exit code ${exitCode}.`;
  if (restarts >= MOST_RESTARTS) return `the container ended ${restarts + 1} times, exit code ${exitCode}.`;
  return `its health check did not succeed within ${DEADLINE_SECONDS} s.`;
}

/** The container's own words; where it has none, those of the health check. */
async function lastLog(container: string, otherwise: string): Promise<string> {
  // Two workers that cannot boot write two tracebacks, and Gunicorn its own after them.
  const { stdout, stderr } = await docker(["logs", "--tail", "100", container], { seconds: 10 });
  return stdout + stderr || otherwise;
}
