import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { connectionsOf, crash, docker, shell, workersOf } from "./inside.ts";
import { figures, Load, type Failed } from "./load.ts";
import { PAGE, type Site } from "./site.ts";

const CLIENTS = 16;
const KILLS = 8;
/** Between two kills: a new worker boots meanwhile. */
const PAUSE_MS = 1200;
const NGINX_PORT = 8080;

/** At most one, and only where the answer had begun: nobody can ask again for that visitor. */
function assertSpared(failed: readonly Failed[]): void {
  assert.ok(failed.length <= 1, `${failed.length} failed`);
  assert.deepEqual(
    failed.filter(({ begun }) => !begun),
    [],
  );
}

/** Parts are killed while visitors come: who reads does not notice, and what was written is not written again. */
export function kills(site: () => Site): void {
  const killWorkers = async () => {
    for (let kill = 0; kill < KILLS; kill++) {
      const gunicorn = site().gunicorns[kill % 2] ?? "";
      const [worker] = await workersOf(gunicorn);
      await shell(gunicorn, `kill -9 ${worker}`);
      await sleep(PAUSE_MS);
    }
  };

  test(`${KILLS} workers of Gunicorn, GET: at most 1 of 5,000 fails, within its answer`, async (t) => {
    const measured = await Load.during(site().port, [site().readers(CLIENTS)], async (load) => {
      await killWorkers();
      await load.reach(5000);
    });
    t.diagnostic(figures(measured));
    assertSpared(measured.failed);
  });

  test(`${KILLS} workers of Gunicorn, POST: those under way may fail, none runs twice`, async (t) => {
    const measured = await Load.during(site().port, [site().writers(CLIENTS)], killWorkers);
    const ran = await site().assertWritten(measured);
    t.diagnostic(`${figures(measured)}; ${ran} writes, each once`);
    assert.ok(measured.failed.length <= KILLS * CLIENTS, "more than were under way");
  });

  test("a replica: killed by hand it stays away, after a crash it comes back; GET spared, no POST twice", async (t) => {
    const [gunicorn = ""] = site().gunicorns;
    const state = () => docker("inspect", "--format", "{{.State.Running}} {{.RestartCount}}", gunicorn);
    const measured = await Load.during(site().port, [site().readers(12), site().writers(4)], async () => {
      await docker("kill", gunicorn);
      await sleep(2000);
      assert.equal(await state(), "false 0");
      await docker("start", gunicorn);
      await sleep(3000);
      await crash(gunicorn);
      for (let wait = 0; (await state()) !== "true 1"; wait++) {
        assert.ok(wait < 20, `does not come back: ${await state()}`);
        await sleep(250);
      }
      await sleep(2000);
    });
    const read = measured.failed.filter(({ path }) => path === PAGE);
    t.diagnostic(`${figures(measured)}; ${read.length} of them GET`);
    t.diagnostic(`${await site().assertWritten(measured)} writes, each once`);
    assertSpared(read);
  });

  test("a worker of nginx: only its connections are lost, another one takes its place, new visitors are answered", async (t) => {
    const nginx = site().container("nginx");
    const before = await workersOf(nginx);
    let held = 0;
    const measured = await Load.during(site().port, [site().readers(CLIENTS)], async () => {
      const holds = await Promise.all(before.map((worker) => connectionsOf(nginx, worker, NGINX_PORT)));
      held = Math.max(...holds);
      const victim = before[holds.indexOf(held)] ?? 0;
      await shell(nginx, `kill -9 ${victim}`);
      const first = await Promise.all(Array.from({ length: 20 }, () => site().ask("/quick/")));
      const slowest = Math.max(...first.map(({ seconds }) => seconds));
      t.diagnostic(`${held} of ${CLIENTS} visitors were on that worker`);
      t.diagnostic(`20 new visitors right after: the slowest answered in ${slowest} s`);
      assert.ok(held > 0, "nobody was on that worker");
      assert.ok(first.every(({ status }) => status === 200) && slowest < 1);
      await sleep(500);
      const after = await workersOf(nginx);
      assert.ok(after.length === before.length && !after.includes(victim), `${before.join(" ")}: ${after.join(" ")}`);
    });
    t.diagnostic(figures(measured));
    // A visitor who saw the end before the next request has lost nothing.
    assert.ok(measured.failed.length > 0 && measured.failed.length <= held, `${measured.failed.length} of ${held}`);
  });
}
