import { spawn, spawnSync, type SpawnSyncReturns } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { constants, setPriority } from "node:os";
import { parse as parseYaml } from "yaml";
import { UserError } from "../../components/shared/user-error.ts";
import { inRoot, ROOT } from "./command.ts";
import { mendTornFiles } from "./torn-files.ts";

const PASSPHRASE_FILE = ".local/passphrase";
const INIT_FOLDER = ".local/init";

/** What the local file backend needs in the environment; the passphrase is made on the first run. */
export function backendEnvironment(): Record<string, string> {
  mkdirSync(inRoot(".local/state"), { recursive: true });
  if (!existsSync(inRoot(PASSPHRASE_FILE))) {
    writeFileSync(inRoot(PASSPHRASE_FILE), randomBytes(24).toString("base64url"), { mode: 0o600 });
  }
  return {
    PULUMI_BACKEND_URL: `file://${inRoot(".local/state")}`,
    PULUMI_CONFIG_PASSPHRASE_FILE: inRoot(PASSPHRASE_FILE),
    PULUMI_SKIP_UPDATE_CHECK: "true",
  };
}

/** A command line that does by hand what a command of this project does. */
export function byHand(args: readonly string[]): string {
  const { PULUMI_BACKEND_URL, PULUMI_CONFIG_PASSPHRASE_FILE } = backendEnvironment();
  const environment = { PULUMI_BACKEND_URL, PULUMI_CONFIG_PASSPHRASE_FILE };
  const assignments = Object.entries(environment).map(([name, value]) => `${name}=${value ?? ""}`);
  return [...assignments, "pulumi", ...args].join(" ");
}

/** Runs the Pulumi CLI in the repository and keeps what it prints. */
export function pulumi(args: readonly string[], cwd = ROOT): SpawnSyncReturns<string> {
  return spawnSync("pulumi", [...args, "--non-interactive"], {
    cwd,
    env: { ...process.env, ...backendEnvironment() },
    encoding: "utf8",
    maxBuffer: 256 * 1024 * 1024,
  });
}

/** The same, with its output on this terminal; a Ctrl+C goes to the engine, which ends in good order. */
export function pulumiShown(args: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn("pulumi", args, {
      cwd: ROOT,
      env: { ...process.env, ...backendEnvironment() },
      stdio: "inherit",
    });
    // A deployment can wait, visitors of the version that serves cannot: the engine and what it starts give way.
    if (child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_BELOW_NORMAL);
    const ignore = () => undefined;
    process.on("SIGINT", ignore);
    child.on("error", reject);
    child.on("close", (code) => {
      process.off("SIGINT", ignore);
      resolve(code ?? 1);
    });
  });
}

/**
 * Makes the stack in the local backend when it is not there yet, and returns the salt of its secrets. `stack init` writes
 * the salt beside Pulumi.yaml, so it runs in a folder of its own: the tracked file of the stack stays as it is.
 */
export function ensureStack(stack: string): string {
  mkdirSync(inRoot(INIT_FOLDER), { recursive: true });
  const file = inRoot(`${INIT_FOLDER}/Pulumi.${stack}.yaml`);
  mendTornFiles(inRoot(".local/state"));
  const known = pulumi(["stack", "ls", "--json"], initFolder());
  if (known.status !== 0) throw new Error(`pulumi stack ls failed:\n${known.stderr}`);
  const exists = (JSON.parse(known.stdout) as { name: string }[]).some(({ name }) => name === stack);
  if (exists && !existsSync(file)) {
    const what = `holds the stack "${stack}", but ${INIT_FOLDER}/Pulumi.${stack}.yaml with the salt of its secrets is gone.`;
    throw new UserError([
      { where: ".local/state", what, remedy: "Bring the file back, or remove .local to start anew." },
    ]);
  }
  if (!exists) {
    rmSync(file, { force: true });
    const { status, stderr } = pulumi(
      ["stack", "init", stack, "--no-select", "--secrets-provider", "passphrase"],
      initFolder(),
    );
    if (status !== 0) throw new Error(`pulumi stack init failed:\n${stderr}`);
  }
  const { encryptionsalt } = parseYaml(readFileSync(file, "utf8")) as { encryptionsalt: string };
  return encryptionsalt;
}

function initFolder(): string {
  const project = parseYaml(readFileSync(inRoot("Pulumi.yaml"), "utf8")) as { name: string };
  writeFileSync(inRoot(`${INIT_FOLDER}/Pulumi.yaml`), `name: ${project.name}\nruntime: nodejs\n`);
  return inRoot(INIT_FOLDER);
}

/** A resource as the state keeps it. */
export interface StateResource {
  readonly urn: string;
  readonly type: string;
  readonly id?: string;
  readonly outputs?: Readonly<Record<string, unknown>>;
}

export interface State {
  readonly resources: readonly StateResource[];
  /** Operations that a killed run began and did not end. */
  readonly pending: number;
}

/** The state of a stack; empty when there is none. */
export function readState(stack: string): State {
  const { status, stdout } = pulumi(["stack", "export", "--stack", stack]);
  if (status !== 0) return { resources: [], pending: 0 };
  const { deployment } = JSON.parse(stdout) as {
    deployment: { resources?: StateResource[]; pending_operations?: unknown[] | null };
  };
  return { resources: deployment.resources ?? [], pending: deployment.pending_operations?.length ?? 0 };
}
