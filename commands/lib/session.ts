import { createInterface } from "node:readline/promises";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { hostname } from "node:os";
import { UserError } from "../../components/shared/user-error.ts";
import { prepare, type Part, type Toolbox } from "../../tools/index.ts";
import { inRoot, ROOT } from "./command.ts";
import { pulumi, readState, type State } from "./pulumi.ts";

const PROVIDERS = ["engine", "language host", "provider docker", "provider random", "docker engine"] as const;
const say = (line: string) => {
  console.error(line);
};

/** What the engine, its providers and the images of a stack need. */
export const needsOf = (database: "sqlite" | "postgres"): readonly Part[] => [
  ...PROVIDERS,
  "image debian:13-slim",
  ...(database === "postgres" ? (["image postgres:17"] as const) : []),
];

/** Environment for the Pulumi and Docker CLIs, and what had to be supplied for it. */
export async function useTools(needs: readonly Part[] = PROVIDERS): Promise<Toolbox> {
  const tools = await prepare({ root: ROOT, needs, say, ask });
  Object.assign(process.env, tools.env);
  return tools;
}

/** The same for a stack on the in-memory AWS: where its parts are. */
export async function useAwsTools(): Promise<{ pulumiHome: string; registry: string }> {
  const needs = ["image debian:13-slim", "image postgres:17", "docker registry"] as const;
  await useTools([...PROVIDERS, ...needs]);
  return { pulumiHome: inRoot(".local/pulumi-home"), registry: inRoot(".local/tools/bin/docker-registry") };
}

/** A question on a terminal; without one, yes: a CI machine has said so by running the command. */
async function ask(question: string): Promise<boolean> {
  if (!process.stdin.isTTY) return true;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^(y|yes)?$/i.test((await terminal.question(`${question} [Y/n] `)).trim());
  } finally {
    terminal.close();
  }
}

interface Lock {
  readonly pid: number;
  readonly hostname: string;
}

/**
 * Clears what a killed run left in the state: its lock, and operations it began and did not end.
 * @throws UserError when the run that holds the lock is alive
 */
export function recover(stack: string, configFile: string): State {
  const folder = inRoot(`.local/state/.pulumi/locks/organization/wsgi-on-aws/${stack}`);
  const locks = existsSync(folder)
    ? readdirSync(folder).map((file) => JSON.parse(readFileSync(`${folder}/${file}`, "utf8")) as Lock)
    : [];
  const alive = locks.find(({ pid, hostname: where }) => where === hostname() && isPulumi(pid));
  if (alive) {
    const what = `another run (process ${alive.pid}) is working on it.`;
    throw new UserError([{ where: `stack ${stack}`, what, remedy: "Wait until it ends, then run the command again." }]);
  }
  if (locks.length) {
    say("clearing the lock of a run that was killed (pulumi cancel)");
    const { status, stderr } = pulumi(["cancel", "--stack", stack, "--yes"]);
    if (status !== 0) throw new Error(`pulumi cancel failed:\n${stderr}`);
  }
  const state = readState(stack);
  if (state.pending === 0) return state;
  say(`clearing ${state.pending} operation(s) that a killed run did not end (pulumi refresh)`);
  const args = [
    "refresh",
    "--stack",
    stack,
    "--config-file",
    configFile,
    "--yes",
    "--skip-preview",
    "--clear-pending-creates",
  ];
  const { status, stdout, stderr } = pulumi(args);
  if (status !== 0) throw new Error(`pulumi refresh failed:\n${stdout}${stderr}`);
  return readState(stack);
}

/** Whether the process lives and is a Pulumi CLI: numbers are used again. */
function isPulumi(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  const commandLine = `/proc/${pid}/cmdline`;
  return !existsSync(commandLine) || readFileSync(commandLine, "utf8").includes("pulumi");
}
