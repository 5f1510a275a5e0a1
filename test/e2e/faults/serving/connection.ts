import { connect, type Socket } from "node:net";

const PATIENCE_MS = 15_000;

export interface Request {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly body?: string | Buffer;
  readonly type?: string;
}

export interface Answer {
  readonly status: number;
  readonly head: string;
  readonly body: string;
}

/** A request without a whole answer. */
export class Unanswered extends Error {
  /** Whether a part of the answer had come. */
  readonly begun: boolean;
  /** Whether a connection that had served a request before was closed: its end and the new request have crossed. */
  readonly crossed: boolean;

  constructor(why: string, begun: boolean, crossed: boolean) {
    super(`${why} ${begun ? "within the answer" : "without an answer"}`);
    this.begun = begun;
    this.crossed = crossed;
  }
}

/**
 * One visitor on one connection, which is kept for the next request. Nothing is sent twice: HTTP libraries repeat a request
 * silently when a kept connection turns out to be closed, and would hide what these tests count.
 */
export class Connection {
  readonly #port: number;
  #socket: Socket | undefined;
  #answers = 0;
  #received = Buffer.alloc(0);
  #settle: ((end: Answer | Unanswered) => void) | undefined;

  constructor(port: number) {
    this.#port = port;
  }

  /** @throws Unanswered */
  async ask({ method, path, body = "", type = "text/plain" }: Request): Promise<Answer> {
    const lines = [`${method} ${path} HTTP/1.1`, `Host: 127.0.0.1:${this.#port}`];
    if (method === "POST") lines.push(`Content-Type: ${type}`, `Content-Length: ${Buffer.byteLength(body)}`);
    const end = await new Promise<Answer | Unanswered>((resolve) => {
      const late = setTimeout(() => {
        this.#fail(`nothing for ${PATIENCE_MS / 1000} s`, false);
      }, PATIENCE_MS);
      this.#settle = (result) => {
        clearTimeout(late);
        this.#settle = undefined;
        resolve(result);
      };
      this.#received = Buffer.alloc(0);
      this.#socket ??= this.#open();
      this.#socket.write(`${lines.join("\r\n")}\r\n\r\n`);
      this.#socket.write(body);
    });
    if (end instanceof Unanswered) throw end;
    this.#answers++;
    if (/^connection: close\r?$/im.test(end.head)) this.close();
    return end;
  }

  close(): void {
    this.#socket?.destroy();
    this.#socket = undefined;
    this.#answers = 0;
  }

  #open(): Socket {
    const socket = connect(this.#port, "127.0.0.1").setNoDelay();
    // What an old socket says after its end is no word on the new one.
    const ended = (why: string) => {
      if (socket === this.#socket) this.#fail(why, true);
    };
    socket.on("data", (data) => {
      this.#received = Buffer.concat([this.#received, data]);
      const answer = wholeAnswer(this.#received.toString("latin1"));
      if (answer) this.#settle?.(answer);
    });
    socket.on("error", (error) => {
      ended("code" in error ? String(error.code) : error.message);
    });
    socket.on("end", () => {
      ended("closed");
    });
    return socket;
  }

  #fail(why: string, closed: boolean): void {
    const begun = this.#received.length > 0;
    const failure = new Unanswered(why, begun, closed && !begun && this.#answers > 0);
    this.close();
    this.#settle?.(failure);
  }
}

/** The answer, once all of it is there. nginx gives its length, or chunks where it knows none. */
function wholeAnswer(text: string): Answer | undefined {
  const split = text.indexOf("\r\n\r\n");
  if (split < 0) return undefined;
  const head = text.slice(0, split);
  const rest = text.slice(split + 4);
  const length = /^content-length: (\d+)\r?$/im.exec(head)?.[1];
  const body = length === undefined ? joined(rest) : rest.length >= Number(length) ? rest : undefined;
  return body === undefined ? undefined : { status: Number(head.slice(9, 12)), head, body };
}

/** Chunks without their lengths, once the last one is there. */
function joined(chunks: string): string | undefined {
  let body = "";
  for (let at = 0; ;) {
    const line = chunks.indexOf("\r\n", at);
    const length = line < 0 ? NaN : parseInt(chunks.slice(at, line), 16);
    if (Number.isNaN(length) || chunks.length < line + length + 4) return undefined;
    if (length === 0) return body;
    body += chunks.slice(line + 2, line + 2 + length);
    at = line + length + 4;
  }
}
