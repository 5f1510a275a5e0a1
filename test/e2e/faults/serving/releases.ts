import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { docker, workersOf } from "./inside.ts";
import { figures, Load, type Measured, type Visitors } from "./load.ts";
import type { Site } from "./site.ts";

/** Requests of a worker, at first; the rest of the cases needs workers that stay. */
export const MAX_REQUESTS = 100;

/** What is done on purpose costs no visitor anything. */
export function releases(site: () => Site): void {
  /** Visitors on kept connections and on new ones, readers and writers. */
  async function underLoad(
    t: TestContext,
    act: (load: Load) => Promise<void>,
    how: Pick<Visitors, "asksAgain"> = {},
  ): Promise<Measured> {
    const visitors = [site().readers(6), site().writers(6), site().readers(4, true)].map((kind) => ({
      ...kind,
      ...how,
    }));
    const measured = await Load.during(site().port, visitors, act);
    t.diagnostic(`${figures(measured)}; ${await site().assertWritten(measured)} writes, each once`);
    return measured;
  }

  test("workers that are replaced after a hundred requests: 0 of GET and POST fail", async (t) => {
    const before = await Promise.all(site().gunicorns.map(workersOf));
    const { failed } = await underLoad(t, (load) => load.reach(15 * MAX_REQUESTS));
    assert.deepEqual(failed, []);
    const after = await Promise.all(site().gunicorns.map(workersOf));
    const replaced = before.map((workers, index) => workers.filter((worker) => !after[index]?.includes(worker)).length);
    assert.deepEqual(replaced, [2, 2], "not all workers were replaced");
  });

  test("npm start with a changed page and other settings: 0 of GET and POST fail", { timeout: 120_000 }, async (t) => {
    const version = "two";
    site().changePage(version);
    const { bodies, failed } = await underLoad(t, async () => {
      const { code, output } = await site().start();
      assert.equal(code, 0, output);
    });
    assert.deepEqual(failed, []);
    assert.deepEqual([...bodies].sort(), ["version one\n", `version ${version}\n`, "written\n"]);
  });

  test("nginx reloads eight times: a long answer comes whole, and 0 of GET and POST fail", async (t) => {
    const reloads = async () => {
      for (let reload = 0; reload < 8; reload++) {
        await docker("kill", "--signal", "HUP", site().container("nginx"));
        await sleep(700);
      }
    };
    // A worker of nginx that goes closes the connections that are idle at that moment: a request on its way there comes back
    // unread, so that a write that is asked again runs once (docs/decisions/0010-reload.md).
    const [long, { failed, crossed, sent }] = await Promise.all([
      site().ask("/slow/4/"),
      underLoad(t, reloads, { asksAgain: true }),
    ]);
    assert.equal(long.body, "x".repeat(40));
    assert.deepEqual(failed, []);
    assert.ok(crossed.length < sent / 20, `${crossed.length} of ${sent} were asked again`);
  });

  test("each Gunicorn restarts its workers three times: 0 of GET and POST fail", async (t) => {
    const before = await Promise.all(site().gunicorns.map(workersOf));
    const { failed } = await underLoad(t, async () => {
      for (let round = 0; round < 3; round++) {
        for (const gunicorn of site().gunicorns) {
          await docker("kill", "--signal", "HUP", gunicorn);
          await sleep(1200);
        }
      }
    });
    const after = await Promise.all(site().gunicorns.map(workersOf));
    assert.deepEqual(failed, []);
    assert.ok(before.flat().length > 0 && after.every((workers) => workers.length > 0));
    for (const [index, workers] of before.entries()) {
      assert.deepEqual(
        workers.filter((worker) => after[index]?.includes(worker)),
        [],
        "workers from before",
      );
    }
  });
}
