import { performance } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { Connection, Unanswered, type Request } from "./connection.ts";

/** So long a load may wait for what it is told to reach. */
const PATIENCE_MS = 90_000;
/** Before and after what happens under a load. */
const SETTLE_MS = 500;

/** Some visitors who do the same. */
export interface Visitors {
  readonly clients: number;
  readonly request: () => Request;
  /** Open a connection for each request, as a first-time visitor does. Default: keep one. */
  readonly fresh?: boolean;
  /**
   * Ask again when the kept connection turns out to be closed, as browsers do: the request has crossed its end. Default: it
   * has failed.
   */
  readonly asksAgain?: boolean;
}

export interface Failed {
  readonly why: string;
  /** Whether the answer of the application had begun, so that nobody could ask again for the visitor. */
  readonly begun: boolean;
  readonly path: string;
  /** Milliseconds since the load began. */
  readonly at: number;
}

export interface Measured {
  readonly sent: number;
  readonly seconds: number;
  readonly failed: readonly Failed[];
  /** What visitors asked again. */
  readonly crossed: readonly Failed[];
  /** Paths that were answered with 200, in the order of the answers. */
  readonly answered: readonly string[];
  /** Bodies of the answers, each once: which versions answered. */
  readonly bodies: ReadonlySet<string>;
  readonly slowest: number;
  readonly p99: number;
}

/** Visitors who each come again as soon as they have their answer. */
export class Load {
  readonly #begun = performance.now();
  readonly #port: number;
  readonly #clients: Promise<void>[];
  readonly #times: number[] = [];
  readonly #failed: Failed[] = [];
  readonly #crossed: Failed[] = [];
  readonly #answered: string[] = [];
  readonly #bodies = new Set<string>();
  #ending = false;

  private constructor(port: number, visitors: readonly Visitors[]) {
    this.#port = port;
    this.#clients = visitors.flatMap((kind) => Array.from({ length: kind.clients }, () => this.#visit(kind)));
  }

  /** Visitors come before, while and after something is done, which is over when they have all gone. */
  static async during(
    port: number,
    visitors: readonly Visitors[],
    act: (load: Load) => Promise<unknown>,
  ): Promise<Measured> {
    const load = new Load(port, visitors);
    try {
      await sleep(SETTLE_MS);
      await act(load);
      await sleep(SETTLE_MS);
    } finally {
      await load.#end();
    }
    return load.#measured();
  }

  get sent(): number {
    return this.#times.length + this.#failed.length;
  }

  /** Waits until so many requests have ended. */
  async reach(requests: number): Promise<void> {
    const deadline = performance.now() + PATIENCE_MS;
    while (this.sent < requests) {
      if (performance.now() > deadline) throw new Error(`${this.sent} of ${requests} requests in ${PATIENCE_MS} ms`);
      await sleep(20);
    }
  }

  /** Ends when the requests that are under way have ended. */
  async #end(): Promise<void> {
    this.#ending = true;
    await Promise.all(this.#clients);
  }

  #measured(): Measured {
    const sorted = this.#times.toSorted((a, b) => a - b);
    return {
      sent: this.sent,
      seconds: (performance.now() - this.#begun) / 1000,
      failed: this.#failed,
      crossed: this.#crossed,
      answered: this.#answered,
      bodies: this.#bodies,
      slowest: sorted.at(-1) ?? 0,
      p99: sorted[Math.floor(sorted.length * 0.99)] ?? 0,
    };
  }

  async #visit({ request, fresh = false, asksAgain = false }: Visitors): Promise<void> {
    const connection = new Connection(this.#port);
    let again: Request | undefined;
    while (again !== undefined || !this.#ending) {
      const began = performance.now();
      const asked: Request = again ?? request();
      again = undefined;
      const failure = (why: string, begun: boolean): Failed => {
        return { why, begun, path: asked.path, at: performance.now() - this.#begun };
      };
      try {
        const { status, body } = await connection.ask(asked);
        if (status === 200) {
          this.#times.push(performance.now() - began);
          this.#answered.push(asked.path);
          this.#bodies.add(body);
        } else {
          this.#failed.push(failure(`status ${status}`, false));
        }
      } catch (error) {
        if (!(error instanceof Unanswered)) throw error;
        if (asksAgain && error.crossed) again = asked;
        (again ? this.#crossed : this.#failed).push(failure(error.message, error.begun));
      }
      if (fresh) connection.close();
    }
    connection.close();
  }
}

/** The figures of a load in a line. */
export function figures({ sent, seconds, failed, crossed, slowest, p99 }: Measured): string {
  const counts = new Map<string, number>();
  for (const { why } of failed) counts.set(why, (counts.get(why) ?? 0) + 1);
  const reasons = [...counts].map(([why, count]) => `${count} ${why}`).join(", ");
  const [first, last] = [failed[0], failed.at(-1)];
  const window = first && last ? ` (${reasons}; within ${((last.at - first.at) / 1000).toFixed(1)} s)` : "";
  const times = `p99 ${p99.toFixed(0)} ms, slowest ${slowest.toFixed(0)} ms`;
  const asked = crossed.length > 0 ? `, ${crossed.length} asked again` : "";
  return `${sent} requests, ${(sent / seconds).toFixed(0)}/s, ${failed.length} failed${window}${asked}, ${times}`;
}
