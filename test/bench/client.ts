import { pidFile } from "./container.ts";
import type { Container } from "./container.ts";
import { header, portOf, url } from "./question.ts";
import type { Question } from "./question.ts";
import type { Side } from "./sides.ts";

/** Starting a program, beside the time that is measured. Seconds. */
export const MARGIN = 60;

/** What a client prints as its last line, with what clients/accounted.py adds. */
export interface Measured {
  /** Those without an error. */
  readonly answers: number;
  readonly seconds: number;
  readonly p99ms: number;
  readonly errors: number;
  /** Seconds of CPU that the side's servers took. */
  readonly cpu: number;
  /** The share of the machine that other programs took meanwhile. */
  readonly neighbours: number;
}

/** Puts a side under load for some seconds. */
export async function load(
  container: Container,
  question: Question,
  side: Side<string>,
  seconds: number,
): Promise<Measured> {
  const servers = side.servers.map(({ name }) => pidFile(name));
  const command = ["python3", "/bench/clients/accounted.py", ...servers, "--", ...clientOf(question, side, seconds)];
  return JSON.parse(await container.run(command, seconds + MARGIN)) as Measured;
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
