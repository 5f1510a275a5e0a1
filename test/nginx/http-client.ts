import { AssertionError } from "node:assert/strict";
import { Agent, request } from "node:http";

/** An answer with its header names and values as they came, byte for byte in latin1. */
export interface Answer {
  readonly status: number;
  readonly body: Buffer;
  /** All values of a header, in the order of the answer. */
  readonly header: (name: string) => string[];
}

const agent = new Agent({ keepAlive: true, maxSockets: 8 });

/** Asks nginx, with any Host: `fetch` allows neither that nor a look at repeated headers. */
export function ask(
  port: number,
  path: string,
  headers: Readonly<Record<string, string>> = {},
  body?: Buffer,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const method = body === undefined ? "GET" : "POST";
    const length = body === undefined ? {} : { "Content-Length": body.length };
    const outgoing = request(
      { host: "127.0.0.1", port, path, method, agent, headers: { ...headers, ...length } },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
        incoming.on("error", reject);
        incoming.on("end", () => {
          const raw = incoming.rawHeaders;
          const header = (name: string) =>
            raw.filter((_, index) => index % 2 === 1 && raw[index - 1]?.toLowerCase() === name.toLowerCase());
          resolve({ status: incoming.statusCode ?? 0, body: Buffer.concat(chunks), header });
        });
      },
    );
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}

/** Asks until the answer is as wanted, at most for some seconds. @throws AssertionError It never is. */
export async function until<T>(attempt: () => Promise<T>, wanted: (answer: T) => boolean, seconds = 10): Promise<T> {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const answer = await attempt().catch((error: unknown) => error as Error);
    if (!(answer instanceof Error) && wanted(answer)) return answer;
    if (Date.now() > end) {
      throw answer instanceof Error
        ? answer
        : new AssertionError({ message: `not in ${seconds} s: ${JSON.stringify(answer)}` });
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
