import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** How long nothing may follow until the answer counts as whole, for nginx keeps connections open. */
export const QUIET_MS = 300;
/** How long the first byte may take. */
export const PATIENCE_MS = 3000;

/** What came back over one connection. */
export interface Reply {
  /** Statuses of all answers, but for those that announce another one (100). */
  readonly statuses: readonly number[];
  readonly text: string;
}

/** Sends bytes as they are over a new connection, and reads until nginx closes it or falls silent. */
export async function sendRaw(port: number, bytes: string): Promise<Reply> {
  const chunks: Buffer[] = [];
  const socket = connect(port, "127.0.0.1", () => socket.write(Buffer.from(bytes, "latin1")));
  let deadline = Date.now() + PATIENCE_MS;
  socket.on("data", (data: Buffer) => {
    chunks.push(data);
    deadline = Date.now() + QUIET_MS;
  });
  socket.on("error", () => undefined); // nginx may reset a connection whose request it has refused
  while (!socket.closed && Date.now() < deadline) await sleep(10);
  socket.destroy();
  const text = Buffer.concat(chunks).toString("latin1");
  // Anywhere: an answer follows the body of the one before without a line end.
  const statuses = [...text.matchAll(/HTTP\/1\.[01] (\d{3}) /g)].map(([, status]) => Number(status));
  return { statuses: statuses.filter((status) => status >= 200), text };
}
