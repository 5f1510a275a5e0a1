import { pidFile } from "./container.ts";
import type { Container } from "./container.ts";
import { header, portOf, url } from "./question.ts";
import type { Question } from "./question.ts";
import type { Side } from "./sides.ts";

/** Starting a program, beside the time that is measured. Seconds. */
export const MARGIN = 60;

/** What each client prints as its last line. */
export interface Measured {
  /** Those without an error. */
  readonly answers: number;
  readonly seconds: number;
  readonly p99ms: number;
  readonly errors: number;
}

/** Puts a side under load for some seconds. */
export async function load(
  container: Container,
  question: Question,
  side: Side<string>,
  seconds: number,
): Promise<Measured & { readonly cpu: number }> {
  // What was logged before would fill the memory.
  await container.run(["sh", "-c", "truncate -s 0 /var/log/nginx/*"], MARGIN);
  const before = await cpuOf(container, side);
  const printed = await container.run(clientOf(question, side, seconds), seconds + MARGIN);
  const measured = JSON.parse(printed.trimEnd().split("\n").at(-1) ?? "") as Measured;
  return { ...measured, cpu: (await cpuOf(container, side)) - before };
}

/** Seconds of CPU that the side's servers have taken since they started. */
async function cpuOf(container: Container, { servers }: Side<string>): Promise<number> {
  const files = servers.map(({ name }) => pidFile(name));
  return Number(await container.run(["python3", "/bench/clients/cpu.py", ...files], MARGIN));
}

function clientOf(question: Question, side: Side<string>, seconds: number): readonly string[] {
  const { load } = question;
  const python = (file: string, ...args: readonly string[]) => ["python3", `/bench/clients/${file}`, ...args];
  const wrk = (threads: number, connections: number) => [
    ...["wrk", "--threads", String(threads), "--connections", String(connections)],
    ...["--duration", `${seconds}s`, "--timeout", "10s", "--script", "/bench/clients/load.lua"],
    ...header(question),
    url(question, side),
  ];
  const port = portOf(question, side);
  switch (load.kind) {
    case "requests":
      return wrk(2, 64);
    case "beside slow clients":
      return python("slow_clients.py", port, String(load.slow), ...wrk(1, 4));
    case "handshakes":
      return python("tls12.py", port, "4", String(seconds));
    case "s_time":
      return python("s_time.py", port, load.version, String(seconds));
  }
}
