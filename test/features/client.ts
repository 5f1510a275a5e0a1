import { connect as connectPlain, type Socket } from "node:net";
import { request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import { connect as connectTls, type ConnectionOptions } from "node:tls";

export interface Question {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  readonly tls?: boolean;
}

export interface Answer {
  readonly status: number;
  /** All values of a header, in the order of the answer. */
  readonly header: (name: string) => string[];
  readonly body: Buffer;
  /** Until its first byte came, and its last one. */
  readonly milliseconds: { readonly first: number; readonly last: number };
}

/** Asks on a connection of its own. A self-signed certificate is taken. */
export function ask(
  port: number,
  path: string,
  { method, headers, body, tls = false }: Question = {},
): Promise<Answer> {
  const started = Date.now();
  const options = {
    ...{ host: "127.0.0.1", port, path, agent: false as const, rejectUnauthorized: false },
    method: method ?? (body === undefined ? "GET" : "POST"),
    headers: { ...headers, ...(body !== undefined && { "Content-Length": Buffer.byteLength(body) }) },
  };
  return new Promise((resolve, reject) => {
    const outgoing = (tls ? httpsRequest : httpRequest)(options, (incoming: IncomingMessage) => {
      const chunks: Buffer[] = [];
      let first = 0;
      incoming.on("data", (chunk: Buffer) => {
        first ||= Date.now() - started;
        chunks.push(chunk);
      });
      incoming.on("error", reject);
      incoming.on("end", () => {
        const raw = incoming.rawHeaders;
        resolve({
          status: incoming.statusCode ?? 0,
          header: (name) =>
            raw.filter((_, index) => index % 2 === 1 && raw[index - 1]?.toLowerCase() === name.toLowerCase()),
          body: Buffer.concat(chunks),
          milliseconds: { first, last: Date.now() - started },
        });
      });
    });
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}

/** Opens a connection and sends a text. */
export async function open(port: number, text: string): Promise<Socket> {
  const socket = connectPlain(port, "127.0.0.1");
  await new Promise((resolve, reject) => socket.once("connect", resolve).once("error", reject));
  socket.on("error", () => undefined); // a connection that nginx resets is closed, which is what is looked at
  socket.write(text);
  return socket;
}

/** Seconds until the other side closes a connection; `most` when it does not. */
export async function untilClosed(socket: Socket, most: number): Promise<number> {
  const started = Date.now();
  socket.resume();
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, most * 1000);
    socket.once("close", () => {
      clearTimeout(timer);
      resolve();
    });
  });
  socket.destroy();
  return (Date.now() - started) / 1000;
}

/** What a TLS connection with these options comes to: its version and the protocol in it, or `refused`. */
export async function handshake(port: number, options: ConnectionOptions): Promise<string> {
  const socket = connectTls({ host: "127.0.0.1", port, rejectUnauthorized: false, ...options });
  try {
    await new Promise((resolve, reject) => socket.once("secureConnect", resolve).once("error", reject));
    return `${String(socket.getProtocol())} ${String(socket.alpnProtocol)}`;
  } catch (error) {
    if (!(error as NodeJS.ErrnoException).code?.startsWith("ERR_SSL_")) throw error;
    return "refused";
  } finally {
    socket.destroy();
  }
}
