import assert from "node:assert/strict";
import { test } from "node:test";
import { until } from "../../../nginx/http-client.ts";
import type { Answer } from "./connection.ts";
import { workersOf } from "./inside.ts";
import { figures, Load } from "./load.ts";
import { GRACEFUL_SECONDS, HANG_SECONDS, STYLE, THREADS, type Site } from "./site.ts";

type Timed = Answer & { readonly seconds: number };

/** How much later than its time something may happen on a busy machine. */
const LATE_SECONDS = 2;
const AT_ONCE_SECONDS = 1;
/** Within which a worker that hangs is replaced after its visitor was given up: GRACEFUL_SECONDS - HANG_SECONDS, and patience. */
const REPLACED_SECONDS = 20;

/** Something that the application waits for never comes. */
export function hanging(site: () => Site): void {
  /** Each worker, by the number of its Gunicorn and its process id. */
  const workers = async () =>
    (await Promise.all(site().gunicorns.map(workersOf))).flatMap((pids, index) =>
      pids.map((pid) => `${index + 1}/${pid}`),
    );
  const notIn = (some: readonly string[], all: readonly string[]) => all.filter((worker) => !some.includes(worker));
  /** Requests that have begun to hang. */
  const begun = async () => [...(await site().lines("hanging")).values()].reduce((sum, count) => sum + count, 0);

  test("one request hangs: its worker is replaced, no other request fails", async (t) => {
    const before = await workers();
    const measured = await Load.during(site().port, [site().readers(6), site().writers(6)], async () => {
      assert.equal((await site().ask("/hang/")).status, 504);
      await until(workers, (now) => notIn(before, now).length > 0, REPLACED_SECONDS);
    });
    const after = await workers();
    t.diagnostic(`${figures(measured)}; ${await site().assertWritten(measured)} writes, each once`);
    assert.deepEqual(measured.failed, []);
    const [ended, started] = [notIn(after, before), notIn(before, after)];
    assert.deepEqual([ended.length, started.length], [1, 1], `${before.join(", ")} became ${after.join(", ")}`);
  });

  test("all threads hang: 504 in time, what nginx answers itself goes on, and the site works again by itself", async (t) => {
    const seen = await site().ask("/cached/seen/");
    const asked: Promise<Timed>[] = [];
    const start = await begun();
    while ((await begun()) < start + THREADS) {
      assert.ok(asked.length < 4 * THREADS, "the threads do not fill");
      asked.push(...Array.from({ length: 4 }, () => site().ask("/hang/")));
    }
    const since = Date.now();
    const own = await Promise.all(["/healthz", STYLE, "/cached/seen/"].map((path) => site().ask(path)));
    const answers = await Promise.all(asked);
    await site().works();
    const recovered = (Date.now() - since) / 1000;
    const times = answers.map(({ seconds }) => seconds);
    t.diagnostic(
      `${asked.length} requests for ${THREADS} threads: 504 after ${Math.min(...times)} to ${Math.max(...times)} s`,
    );
    t.diagnostic(`meanwhile health, a file and a cached page in ${own.map(({ seconds }) => seconds).join(", ")} s`);
    t.diagnostic(`the site works again ${recovered} s after the last thread was taken`);
    assert.deepEqual(
      answers.filter(({ status, seconds }) => status !== 504 || seconds > HANG_SECONDS + LATE_SECONDS),
      [],
    );
    assert.deepEqual(
      own.map(({ status, seconds }) => status === 200 && seconds < AT_ONCE_SECONDS),
      [true, true, true],
    );
    assert.equal(own.at(-1)?.body, seen.body);
    assert.ok(recovered < GRACEFUL_SECONDS + 2 * LATE_SECONDS, `${recovered} s`);
  });
}
