import { request } from "node:http";

/** One request of a crowd, as a view of the project tells it: seconds on a clock that all of its processes share. */
interface Slept {
  readonly begun: number;
  readonly ended: number;
  readonly process: string;
}

export interface Peaks {
  /** Most requests that were worked on at the same moment. */
  readonly all: number;
  /** The same for the process that had most of them. */
  readonly ofOneProcess: number;
}

/** Sends requests all at once to a view that sleeps, and finds out how many of them slept at the same time. */
export async function peaksOf(port: number, path: string, count: number): Promise<Peaks> {
  const answers = await Promise.all(Array.from({ length: count }, () => ask(port, "GET", path)));
  const slept = answers.map(({ status, body }) => {
    if (status !== 200) throw new Error(`${path}: status ${status}: ${body.slice(0, 200)}`);
    return JSON.parse(body) as Slept;
  });
  const processes = [...new Set(slept.map(({ process }) => process))];
  const ofEach = processes.map((one) => peak(slept.filter(({ process }) => process === one)));
  return { all: peak(slept), ofOneProcess: Math.max(...ofEach) };
}

const peak = (slept: readonly Slept[]): number =>
  Math.max(...slept.map(({ begun: at }) => slept.filter(({ begun, ended }) => begun <= at && at < ended).length));

/**
 * Requests one after the other from each of several clients, half of them POSTs, which nginx sends to one Gunicorn only.
 * Answers with what went wrong, one line for each.
 */
export async function rush(port: number, count: number, clients: number): Promise<string[]> {
  const failed: string[] = [];
  let sent = 0;
  const client = async () => {
    while (sent < count) {
      const method = sent++ % 2 ? "POST" : "GET";
      try {
        const { status } = await ask(port, method, "/");
        if (status !== 200) failed.push(`${method}: status ${status}`);
      } catch (error) {
        failed.push(`${method}: ${String(error)}`);
      }
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
  return failed;
}

/** The worker's class and its bases; none where it does not answer as it should. */
export async function classesAt(port: number): Promise<string[]> {
  const { status, body } = await ask(port, "GET", "/who/");
  return status === 200 ? (JSON.parse(body) as { classes: string[] }).classes : [];
}

/** On a connection of its own, as a first-time visitor. */
export function ask(port: number, method: string, path: string): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const outgoing = request({ host: "127.0.0.1", port, path, method, agent: false }, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
      incoming.on("error", reject);
      incoming.on("end", () => {
        resolve({ status: incoming.statusCode ?? 0, body: Buffer.concat(chunks).toString() });
      });
    });
    outgoing.on("error", reject);
    outgoing.end(method === "POST" ? "a=b" : undefined);
  });
}
