import { request } from "node:http";
import { performance } from "node:perf_hooks";
import { Visitor } from "../visitor.ts";

/** Requests each second, where nothing else is said: half of them read the page, half of them write to the database. */
const RATE = 50;
/** A load that has lasted longer has nothing left to prove it with: visitors stop, and `end` says so. */
const MOST_SECONDS = 240;
const PATIENCE_MS = 10_000;

export interface Measured {
  readonly sent: number;
  /** What went wrong, one line for each request that did not end as it should. */
  readonly failed: readonly string[];
  /** The slowest request, in milliseconds. */
  readonly slowest: number;
  readonly p99: number;
  /** Messages of the posts that were answered as accepted. */
  readonly accepted: readonly string[];
}

/**
 * Visitors who come at a steady rate, whatever the site does: a request is sent when its time has come, not when the one
 * before has been answered. Each opens a connection of its own, as first-time visitors do.
 */
export class Load {
  readonly #port: number;
  readonly #cookie: string;
  readonly #token: string;
  readonly #timer: NodeJS.Timeout;
  readonly #open = new Set<Promise<void>>();
  readonly #times: number[] = [];
  readonly #failed: string[] = [];
  readonly #accepted: string[] = [];
  readonly #most: number;
  #sent = 0;

  private constructor(port: number, cookie: string, token: string, rate: number) {
    this.#port = port;
    this.#cookie = cookie;
    this.#token = token;
    const begun = performance.now();
    this.#most = MOST_SECONDS * rate;
    this.#timer = setInterval(() => {
      const due = Math.min(((performance.now() - begun) / 1000) * rate, this.#most);
      while (this.#sent < due) this.#send();
    }, 5);
  }

  /** Fetches a form with its token, then begins: so many requests each second. */
  static async begin(port: number, rate = RATE): Promise<Load> {
    const { headers, body } = await new Visitor(port).get("/write/");
    const cookie = headers["set-cookie"]?.[0]?.split(";")[0] ?? "";
    const token = /name="csrfmiddlewaretoken" value="([^"]+)"/.exec(body)?.[1] ?? "";
    return new Load(port, cookie, token, rate);
  }

  /** Ends, and waits for the answers that are still to come. */
  async end(): Promise<Measured> {
    clearInterval(this.#timer);
    await Promise.all(this.#open);
    if (this.#sent >= this.#most) throw new Error(`no visitors came after ${MOST_SECONDS} s of load`);
    const sorted = this.#times.toSorted((a, b) => a - b);
    return {
      sent: this.#sent,
      failed: this.#failed,
      slowest: sorted.at(-1) ?? 0,
      p99: sorted[Math.floor(sorted.length * 0.99)] ?? 0,
      accepted: this.#accepted,
    };
  }

  #send(): void {
    const number = this.#sent++;
    const answer = number % 2 ? this.#post(`load ${number}`) : this.#ask("GET", "/", 200);
    const settled = answer.catch((error: unknown) => {
      this.#failed.push(`${number}: ${error instanceof Error ? error.message : String(error)}`);
    });
    this.#open.add(settled);
    void settled.then(() => this.#open.delete(settled));
  }

  async #post(message: string): Promise<void> {
    const form = { csrfmiddlewaretoken: this.#token, name: "Load", message };
    await this.#ask("POST", "/write/", 302, new URLSearchParams(form).toString());
    this.#accepted.push(message);
  }

  #ask(method: string, path: string, expected: number, body?: string): Promise<void> {
    const origin = `http://127.0.0.1:${this.#port}`;
    const headers = {
      ...(body !== undefined && { "Content-Type": "application/x-www-form-urlencoded", Cookie: this.#cookie }),
      Origin: origin,
    };
    const begun = performance.now();
    return new Promise((resolve, reject) => {
      const outgoing = request(
        { host: "127.0.0.1", port: this.#port, path, method, headers, agent: false, timeout: PATIENCE_MS },
        (incoming) => {
          incoming.on("error", reject);
          incoming.resume();
          incoming.on("end", () => {
            this.#times.push(performance.now() - begun);
            if (incoming.statusCode === expected) resolve();
            else reject(new Error(`${method} ${path}: status ${incoming.statusCode ?? 0}`));
          });
        },
      );
      outgoing.on("timeout", () => outgoing.destroy(new Error(`${method} ${path}: no answer`)));
      outgoing.on("error", reject);
      outgoing.end(body);
    });
  }
}
