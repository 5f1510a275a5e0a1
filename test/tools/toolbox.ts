import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { prepare } from "../../tools/index.ts";
import type { Part, Toolbox } from "../../tools/index.ts";

export const root = resolve(import.meta.dirname, "../..");

/** Gets what a test needs, as `npm start` does; what installs a system package is left to that. */
export function toolbox(...needs: readonly Part[]): Promise<Toolbox> {
  return prepare({ root, needs, say: () => undefined, ask: () => Promise.resolve(false) });
}

/** Where the toolbox has a part from. */
export function origin(box: Toolbox, part: Part): string {
  return box.supplied.find((supplied) => supplied.part === part)?.from ?? "";
}

export interface Answer {
  readonly code: number;
  readonly text: string;
}

/** A throw-away project with a file backend of its own. */
export interface Project {
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  /** Writes a file of the project. */
  readonly write: (name: string, text: string) => void;
  readonly pulumi: (...args: readonly string[]) => Promise<Answer>;
  readonly remove: () => void;
}

/** @param runtimeOptions the lines below `options:` of Pulumi.yaml */
export async function project(box: Toolbox, program: string, runtimeOptions = "typescript: false"): Promise<Project> {
  const folder = mkdtempSync(join(tmpdir(), "tools-test-"));
  const write = (name: string, text: string): void => {
    writeFileSync(join(folder, name), text);
  };
  const env = {
    ...process.env,
    ...box.env,
    PULUMI_BACKEND_URL: `file://${folder}`,
    PULUMI_CONFIG_PASSPHRASE: "only for this test",
    NO_COLOR: "1",
  };
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  write("package.json", JSON.stringify({ type: "module", main: "index.ts" }));
  write("Pulumi.yaml", `name: tools-test\nruntime:\n  name: nodejs\n  options:\n    ${runtimeOptions}\n`);
  write("index.ts", program);
  const pulumi = (...args: readonly string[]): Promise<Answer> =>
    new Promise((done) => {
      const options = { cwd: folder, env, timeout: 120_000 };
      execFile("pulumi", ["--non-interactive", ...args], options, (error, stdout, stderr) => {
        done({ code: error === null ? 0 : Number(error.code ?? 1), text: stdout + stderr });
      });
    });
  const made = await pulumi("stack", "init", "test");
  if (made.code !== 0) throw new Error(made.text);
  return {
    folder,
    env,
    write,
    pulumi,
    remove: () => {
      rmSync(folder, { recursive: true });
    },
  };
}
