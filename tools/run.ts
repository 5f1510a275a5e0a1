import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";

/** How a command is bounded and followed. Times in seconds. */
export interface Bounds {
  /** The command is killed after this time. */
  readonly within: number;
  /** It is killed, too, when nothing has been printed after this time. Default: `within`. */
  readonly firstLineWithin?: number;
  /** Long work: told every 15 s how long it has been going. */
  readonly progress?: { readonly what: string; readonly say: (line: string) => void };
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
}

const PROGRESS_EVERY = 15;
const LINES_SHOWN = 15;

/**
 * Runs a command and returns what it printed on standard output, without the last line end.
 *
 * @throws Error that names the command, how it ended and its last lines.
 */
export async function run(command: string, args: readonly string[], bounds: Bounds): Promise<string> {
  const started = Date.now();
  const elapsed = (): number => Math.round((Date.now() - started) / 1000);
  const child = spawn(command, args, { cwd: bounds.cwd, env: bounds.env, stdio: ["ignore", "pipe", "pipe"] });
  const stdout: string[] = [];
  const all: string[] = [];
  let ending: string | undefined;

  const kill = (why: string): void => {
    ending ??= why;
    child.kill("SIGTERM");
    setTimeout(() => child.kill("SIGKILL"), 5_000).unref();
  };
  const { within, firstLineWithin = within } = bounds;
  const bound = setTimeout(kill, within * 1000, `was stopped after ${within} s`);
  const silence = setTimeout(kill, firstLineWithin * 1000, `was stopped: no answer within ${firstLineWithin} s`);
  const ticker = setInterval(
    () => bounds.progress?.say(`${bounds.progress.what}: ${elapsed()} s …`),
    PROGRESS_EVERY * 1000,
  );
  const follow = (stream: Readable, into: string[]): void => {
    createInterface({ input: stream }).on("line", (line) => {
      clearTimeout(silence);
      into.push(line);
      if (into !== all) all.push(line);
    });
  };
  follow(child.stdout, stdout);
  follow(child.stderr, all);

  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.on("error", reject);
      child.on("close", resolve);
      // A killed command can leave children behind that hold its output open: do not wait for them.
      child.on("exit", () => {
        if (ending !== undefined) resolve(null);
      });
    });
    if (code === 0 && ending === undefined) return stdout.join("\n");
    const how = ending ?? (code === null ? "was killed" : `ended with code ${code}`);
    throw new Error(`\`${[command, ...args].join(" ")}\` ${how}.\n${all.slice(-LINES_SHOWN).join("\n")}`.trimEnd());
  } finally {
    clearTimeout(bound);
    clearTimeout(silence);
    clearInterval(ticker);
  }
}

/** As `run`, but `undefined` when the command is missing or fails: for questions to the machine. */
export async function tryRun(command: string, args: readonly string[], bounds: Bounds): Promise<string | undefined> {
  try {
    return await run(command, args, bounds);
  } catch {
    return undefined;
  }
}
