import { execFileSync } from "node:child_process";
import { resolve } from "node:path";

const ROOT = resolve(import.meta.dirname, "../..");

export interface PlannedResource {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly parent?: string;
  readonly inputs: Record<string, unknown>;
  readonly dependencies: readonly string[];
}

export interface Plan {
  readonly stack: string;
  readonly settings: Record<string, unknown>;
  readonly resources: readonly PlannedResource[];
  readonly outputs: Record<string, unknown>;
}

/** The plan of a stack with these settings laid over it; a process of its own, for the SDK keeps global state. */
export function planOf(
  set: Readonly<Record<string, unknown>> = {},
  env: NodeJS.ProcessEnv = {},
  stack = "local",
): Plan {
  const args = Object.entries(set).flatMap(([key, value]) => ["--set", `${key}=${JSON.stringify(value)}`]);
  const json = execFileSync(
    process.execPath,
    [resolve(ROOT, "commands/plan.ts"), "--json", "--stack", stack, ...args],
    {
      cwd: ROOT,
      encoding: "utf8",
      env: { ...process.env, ...env },
      maxBuffer: 64 * 1024 * 1024,
    },
  );
  return JSON.parse(json) as Plan;
}
