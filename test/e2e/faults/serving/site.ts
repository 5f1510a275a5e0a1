import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { Checkout, type Finished } from "../../checkout.ts";
import { Deployment } from "../../deployment.ts";
import { Connection, Unanswered, type Answer, type Request } from "./connection.ts";
import { docker, shell } from "./inside.ts";
import type { Measured, Visitors } from "./load.ts";

const PROJECT = "test/e2e/faults/serving/project";
const VIEWS = `${PROJECT}/faults/views.py`;
/** The page that readers read. */
export const PAGE = "/page/";
/** A file that nginx serves itself. */
export const STYLE = "/static/faults/site.css";

const [WORKERS, THREADS_EACH] = [2, 4];
/** Requests that all Gunicorns together work on at the same time. */
export const THREADS = 2 * WORKERS * THREADS_EACH;

const [TIMEOUT_SECONDS, PATH_TIMEOUT_SECONDS, MARGIN_SECONDS] = [5, 1, 5];
/** After which nginx gives up on the path /hang/. */
export const HANG_SECONDS = PATH_TIMEOUT_SECONDS + MARGIN_SECONDS;
/** After which nobody waits any more for a request, whatever its path. */
export const GRACEFUL_SECONDS = TIMEOUT_SECONDS + MARGIN_SECONDS;

/** Seconds within which the site works again after a fault is over. */
const RECOVERY_SECONDS = 30;

/** The stack that every case shares, and brings back to what it was. */
export class Site {
  readonly checkout: Checkout;
  #containers: Readonly<Record<string, string>> = {};
  #written = 0;

  private constructor(checkout: Checkout) {
    this.checkout = checkout;
  }

  static make = async (): Promise<Site> => new Site(await Checkout.make("serving"));

  /** `npm start` with the project of these tests, and further settings. */
  async start(set: Readonly<Record<string, unknown>> = {}): Promise<Finished> {
    const finished = await this.checkout.start({
      projectDir: PROJECT,
      wsgiModule: "faults.wsgi",
      releaseCommand: [],
      workers: WORKERS,
      threads: THREADS_EACH,
      requestTimeout: `${TIMEOUT_SECONDS}s`,
      paths: { "/cached/": { cache: "1s" }, "/hang/": { timeout: `${PATH_TIMEOUT_SECONDS}s` } },
      ...set,
    });
    const stack = new Deployment(this.checkout);
    const parts = finished.code === 0 ? ["nginx", "gunicorn-1", "gunicorn-2"] : [];
    this.#containers = Object.fromEntries(parts.map((part) => [part, stack.container(part)]));
    return finished;
  }

  get port(): number {
    return this.checkout.port;
  }

  /** Id of a container. */
  container(part: string): string {
    const id = this.#containers[part];
    assert.ok(id, `no container ${part}`);
    return id;
  }

  get gunicorns(): readonly string[] {
    return [this.container("gunicorn-1"), this.container("gunicorn-2")];
  }

  /** A new version of the page that the loads ask for. */
  changePage(version: string): void {
    const path = this.checkout.path(VIEWS);
    writeFileSync(path, readFileSync(path, "utf8").replace(/^VERSION = .*$/m, `VERSION = "${version}"`));
  }

  /** One request on a connection of its own. @throws Unanswered */
  async ask(request: string | Request): Promise<Answer & { readonly seconds: number }> {
    const connection = new Connection(this.port);
    const began = Date.now();
    try {
      const whole: Request = typeof request === "string" ? { method: "GET", path: request } : request;
      const answer = await connection.ask(whole);
      return { ...answer, seconds: (Date.now() - began) / 1000 };
    } finally {
      connection.close();
    }
  }

  /** Starts what a case may have left stopped, and waits until it works. */
  async restore(): Promise<void> {
    await docker("start", this.container("nginx"), ...this.gunicorns);
    await this.works();
  }

  /** Waits until the site answers a page ten times in a row: each Gunicorn has its turn. */
  async works(): Promise<void> {
    const deadline = Date.now() + RECOVERY_SECONDS * 1000;
    for (let row = 0; row < 10;) {
      const status = await this.ask("/quick/").then(
        ({ status: of }) => of,
        (error: unknown) => {
          if (error instanceof Unanswered) return 0;
          throw error;
        },
      );
      row = status === 200 ? row + 1 : 0;
      if (row === 0) await sleep(100);
      assert.ok(Date.now() < deadline, `the site does not work again within ${RECOVERY_SECONDS} s: status ${status}`);
    }
  }

  /** Visitors who read the page. */
  readers = (clients: number, fresh = false): Visitors => ({
    clients,
    fresh,
    request: () => ({ method: "GET", path: PAGE }),
  });

  /** Visitors who write, each time a number that nobody has written. */
  writers = (clients: number): Visitors => ({
    clients,
    request: () => ({ method: "POST", path: `/write/${this.#written++}/` }),
  });

  /** Lines that the application has appended to a file, and how often each stands there. */
  async lines(name: string): Promise<ReadonlyMap<string, number>> {
    const text = await shell(this.container("gunicorn-1"), `cat /srv/data/${name} 2>/dev/null || true`);
    const counts = new Map<string, number>();
    for (const line of text.split("\n").filter(Boolean)) counts.set(line, (counts.get(line) ?? 0) + 1);
    return counts;
  }

  /** No write ran twice, and each that was answered ran. @returns how many ran */
  async assertWritten({ answered }: Measured): Promise<number> {
    const counts = await this.lines("writes");
    const twice = [...counts].filter(([, count]) => count > 1);
    assert.deepEqual(twice, [], "these ran twice");
    const numbers = answered.map(numberOf).filter(Boolean);
    const lost = numbers.filter((number) => !counts.has(number));
    assert.deepEqual(lost, [], "these were answered and did not run");
    return counts.size;
  }
}

const numberOf = (path: string): string => /^\/write\/(\d+)\//.exec(path)?.[1] ?? "";
