import { execFile, spawn } from "node:child_process";
import type { Finished } from "../../e2e/checkout.ts";

/** Runs a command line as a script has it: Pulumi asks a terminal for its colours, and nobody answers here. */
export function run(line: string, cwd: string, env: NodeJS.ProcessEnv): Promise<Finished> {
  return new Promise((resolve) => {
    execFile("bash", ["-c", line], { cwd, env, timeout: 180_000, maxBuffer: 1 << 26 }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code ?? 1), output: stdout + stderr });
    });
  });
}

/**
 * Runs a command line as somebody types it into a terminal: with one of its own (`script`), answering each question in turn.
 * @param answers texts of questions, and what is typed; an empty answer takes what is suggested
 */
export async function typed(
  line: string,
  cwd: string,
  env: NodeJS.ProcessEnv,
  answers: Readonly<Record<string, string>>,
): Promise<Finished> {
  const child = spawn("script", ["--quiet", "--return", "--command", line, "/dev/null"], { cwd, env });
  // A question without an answer would wait for ever; and `script` ends with 0 when it is killed.
  let late = false;
  const longest = setTimeout(() => {
    late = child.kill();
  }, 120_000);
  const open = new Map(Object.entries(answers));
  let output = "";
  child.stdout.on("data", (data: Buffer) => {
    output += data.toString();
    for (const [question, answer] of open) {
      if (!output.includes(question)) continue;
      open.delete(question);
      child.stdin.write(`${answer}\r`);
    }
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => {
      clearTimeout(longest);
      resolve({ code: late ? 1 : (code ?? 1), output });
    });
  });
}
