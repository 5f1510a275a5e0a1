/** Gunicorn's worker classes as the image has them: what a stop and a replacement do to requests that are on their way. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { WORKER_CLASSES, type WorkerClass } from "../../components/gunicorn/sizing.ts";
import { Gunicorn, REQUIREMENTS } from "./workers/gunicorn.ts";

const LONGEST = { timeout: 60_000 };
const WAITING = 8;

/** How many of the POSTs that wait for a worker when Gunicorn is told to stop are answered. */
async function answeredAtStop(workerClass: WorkerClass, instead?: string): Promise<number> {
  const gunicorn = await Gunicorn.start({ workerClass }, instead);
  const [worker = 0] = gunicorn.workers;
  process.kill(worker, "SIGSTOP"); // so that it takes none of them before
  const asked = Array.from({ length: WAITING }, () => gunicorn.ask("POST", "/").catch(() => 0));
  await sleep(200);
  gunicorn.stop();
  while (gunicorn.listens) await sleep(20);
  process.kill(worker, "SIGCONT");
  const answers = await Promise.all(asked);
  await gunicorn.ended();
  return answers.filter((status) => status === 200).length;
}

for (const workerClass of WORKER_CLASSES) {
  test(`${workerClass}: whoever waits at a stop is answered`, LONGEST, async () => {
    assert.equal(await answeredAtStop(workerClass), WAITING);
  });
}

for (const [workerClass, own] of [
  ["sync", "sync"],
  ["gthread", "gthread"],
] as const) {
  test(`${workerClass}: Gunicorn's own class resets them, so ours is needed`, LONGEST, async () => {
    assert.ok((await answeredAtStop(workerClass, own)) < WAITING);
  });
}

/** Status and log of a request that takes longer than a view may hang. */
async function longRequest(method: string, path: string, seconds = 0): Promise<[number, log: string]> {
  const timeouts = { worker: 30, graceful: 2, keepAlive: 5 };
  const gunicorn = await Gunicorn.start({ workerClass: "gthread", timeouts });
  const status = await gunicorn.ask(method, path, seconds).catch(() => 0);
  gunicorn.stop();
  await gunicorn.ended();
  return [status, gunicorn.log];
}

test("gthread: a view that hangs costs its worker", LONGEST, async () => {
  const [status, log] = await longRequest("GET", "/sleep/?seconds=20");
  assert.equal(status, 0);
  assert.match(log, /'\/sleep\/' has not returned after 2 s, this worker is replaced/);
});

test("gthread: a body that drips in for as long is read to its end", LONGEST, async () => {
  const [status, log] = await longRequest("POST", "/read/", 5);
  assert.equal(status, 200, log);
  assert.doesNotMatch(log, /has not returned/);
});

/** Two requests, of which the first is the worker's last: the status of the second, which is then in progress. */
async function inProgressAtReplacement(gunicorn: Gunicorn, seconds: number): Promise<number> {
  const long = gunicorn.ask("GET", `/sleep/async/?seconds=${seconds}`).catch(() => 0);
  await sleep(300);
  assert.equal(await gunicorn.ask("GET", "/"), 200);
  return long;
}

// One worker; the health check that waits for its start counts as a request, too.
const REPLACED = { workerClass: "uvicorn", maxRequests: 2, timeouts: { worker: 3, graceful: 35, keepAlive: 5 } } as const;

test("uvicorn: a request that takes longer than the time limit of a silent worker outlives its replacement", LONGEST, async () => {
  const gunicorn = await Gunicorn.start(REPLACED);
  assert.equal(await inProgressAtReplacement(gunicorn, 6), 200);
  assert.equal(await gunicorn.ask("GET", "/"), 200);
  assert.equal(gunicorn.workers.length, 2);
  gunicorn.stop();
  await gunicorn.ended();
});

test("uvicorn: uvicorn-worker's own class is killed over it, so ours is needed", LONGEST, async () => {
  const gunicorn = await Gunicorn.start(REPLACED, "uvicorn_worker.UvicornWorker");
  assert.equal(await inProgressAtReplacement(gunicorn, 6), 0);
  assert.match(gunicorn.log, /WORKER TIMEOUT/);
  gunicorn.stop();
  await gunicorn.ended();
});

test("uvicorn: a request without an end keeps the replacement from nothing", LONGEST, async () => {
  const gunicorn = await Gunicorn.start({ ...REPLACED, timeouts: { ...REPLACED.timeouts, graceful: 2 } });
  const begun = Date.now();
  assert.notEqual(await inProgressAtReplacement(gunicorn, 50), 200);
  assert.equal(await gunicorn.ask("GET", "/"), 200);
  assert.ok(Date.now() - begun < 20_000);
  gunicorn.stop();
  await gunicorn.ended();
});

test("these are the versions of the image", () => {
  const dockerfile = readFileSync(join(import.meta.dirname, "../../components/image/Dockerfile"), "utf8");
  for (const [, name = "", version = ""] of readFileSync(REQUIREMENTS, "utf8").matchAll(/^([\w-]+)==(\S+)$/gm)) {
    const argument = `ARG ${name.toUpperCase().replace("-", "_")}_VERSION=${version}\n`;
    assert.ok(dockerfile.includes(argument), argument);
  }
});
