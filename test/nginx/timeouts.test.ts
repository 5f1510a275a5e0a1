import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { checkTimeouts, RULE_NAMES } from "../../components/edge/timeout-rules.ts";
import { deriveTimeouts } from "../../components/edge/timeouts.ts";
import type { LoadBalancerTimes, Rollout, Timeouts } from "../../components/edge/timeouts.ts";

const broken = (t: Timeouts) => checkTimeouts(t).map(({ rule }) => rule);

/** A part of the ladder with one limit replaced. */
const set = <G extends "client" | "upstream" | "gunicorn" | "stop" | "destroy" | "health" | "worker">(
  t: Timeouts,
  group: G,
  change: Partial<Timeouts[G]>,
): Timeouts => ({
  ...t,
  [group]: { ...t[group], ...change },
});

/** The same without one of its limits. */
function omit<T extends object, K extends keyof T>(whole: T, key: K): Omit<T, K> {
  const rest = { ...whole };
  Reflect.deleteProperty(rest, key);
  return rest;
}

const BALANCER: LoadBalancerTimes = {
  idle: 120,
  deregistration: 120,
  health: { interval: 15, timeout: 5, unhealthy: 3 },
  slowStart: 0,
};
const ROLLOUT: Rollout = {
  desired: 2,
  minimumPercent: 120,
  maximumPercent: 300,
  grace: 200,
  startPeriod: { gunicorn: 100, nginx: 20 },
  mostStop: 110,
  deadline: 10_000,
};

/** Nothing touches anything else: every limit can move by one without breaking a neighbour. */
const ROOMY: Timeouts = {
  client: { keepalive: 300, header: 10, body: 15, send: 30 },
  upstream: { connect: 2, retry: 5, read: 20, longestRead: 50, keepalive: 10 },
  gunicorn: { worker: 30, graceful: 70, keepAlive: 40 },
  nginxShutdown: 80,
  stop: { gunicorn: 100, nginx: 100 },
  destroy: { gunicorn: 200, nginx: 200 },
  health: { interval: 10, timeout: 5, retries: 3 },
  loadBalancer: BALANCER,
  rollout: ROLLOUT,
  database: { needed: 40, accepted: 80 },
  worker: { connections: 1000, files: 4000 },
  concurrency: 100,
};
const balancer = (change: Partial<LoadBalancerTimes>): Timeouts => ({
  ...ROOMY,
  loadBalancer: { ...BALANCER, ...change },
});
const health = (change: Partial<LoadBalancerTimes["health"]>): Timeouts =>
  balancer({ health: { ...BALANCER.health, ...change } });
const rollout = (change: Partial<Rollout>): Timeouts => ({ ...ROOMY, rollout: { ...ROLLOUT, ...change } });

/** For each rule: the ladder with that limit at `value`, the last value that holds, and the first that does not. */
const TABLE: Readonly<Record<string, [(value: number) => Timeouts, holds: number, breaks: number]>> = {
  "client-keepalive": [(keepalive) => set(ROOMY, "client", { keepalive }), 125, 124],
  "upstream-keepalive": [(keepAlive) => set(ROOMY, "gunicorn", { keepAlive }), 12, 11],
  "gunicorn-before-nginx": [(worker) => set(ROOMY, "gunicorn", { worker }), 49, 50],
  "ordinary-read": [(read) => set(ROOMY, "upstream", { read }), 50, 51],
  "retry-before-read": [(read) => set(ROOMY, "upstream", { read }), 6, 5],
  "connect-before-retry": [(connect) => set(ROOMY, "upstream", { connect }), 4, 5],
  "nginx-before-load-balancer": [(idle) => balancer({ idle }), 51, 50],
  deregistration: [(deregistration) => balancer({ deregistration }), 55, 54],
  "gunicorn-graceful": [(graceful) => set(ROOMY, "gunicorn", { graceful }), 50, 49],
  "gunicorn-stop": [(gunicorn) => set(ROOMY, "stop", { gunicorn }), 75, 74],
  "nginx-shutdown": [(nginxShutdown) => ({ ...ROOMY, nginxShutdown }), 55, 54],
  "nginx-stop": [(nginx) => set(ROOMY, "stop", { nginx }), 85, 84],
  "gunicorn-destroy": [(gunicorn) => set(ROOMY, "destroy", { gunicorn }), 100, 99],
  "nginx-destroy": [(nginx) => set(ROOMY, "destroy", { nginx }), 100, 99],
  "health-timeout": [(timeout) => set(ROOMY, "health", { timeout }), 9, 10],
  "health-eject": [(retries) => set(ROOMY, "health", { retries }), 6, 7],
  "open-files": [(files) => set(ROOMY, "worker", { files }), 2000, 1999],
  "fargate-stop-gunicorn": [(gunicorn) => set(ROOMY, "stop", { gunicorn }), 110, 111],
  "fargate-stop-nginx": [(nginx) => set(ROOMY, "stop", { nginx }), 110, 111],
  "target-timeout": [(timeout) => health({ timeout }), 14, 15],
  "target-eject": [(unhealthy) => health({ unhealthy }), 4, 5],
  "slow-start": [(slowStart) => balancer({ slowStart }), 0, 1],
  grace: [(nginx) => rollout({ startPeriod: { gunicorn: 100, nginx } }), 80, 81],
  "grace-detection": [
    (retries) => ({ ...set(ROOMY, "health", { retries }), rollout: { ...ROLLOUT, grace: 150 } }),
    5,
    6,
  ],
  "start-period": [(gunicorn) => rollout({ startPeriod: { gunicorn, nginx: 20 }, grace: 500 }), 300, 301],
  "rollout-keeps": [(minimumPercent) => rollout({ minimumPercent }), 100, 99],
  "rollout-moves": [(maximumPercent) => rollout({ maximumPercent }), 200, 199],
  "live-deadline": [(deadline) => rollout({ deadline }), 1205, 1204],
  "database-connections": [(accepted) => ({ ...ROOMY, database: { needed: 40, accepted } }), 50, 49],
  connections: [(concurrency) => ({ ...ROOMY, concurrency }), 500, 501],
};

test("the roomy ladder breaks no rule, and the table has every rule", () => {
  assert.deepEqual(broken(ROOMY), []);
  assert.deepEqual(Object.keys(TABLE), RULE_NAMES);
});

for (const [rule, [ladder, holds, breaks]] of Object.entries(TABLE)) {
  test(`${rule}: ${holds} holds, ${breaks} is refused by that name alone`, () => {
    assert.deepEqual(broken(ladder(holds)), []);
    assert.deepEqual(broken(ladder(breaks)), [rule]);
  });
}

test("rules about what a stack does not have do not apply", () => {
  const alone = omit(omit(set(ROOMY, "client", { keepalive: 1 }), "loadBalancer"), "rollout");
  assert.deepEqual(broken(alone), []);
  const upstream = omit(ROOMY.upstream, "keepalive");
  assert.deepEqual(broken({ ...set(ROOMY, "gunicorn", { keepAlive: 1 }), upstream }), []);
});

test("a violation says what happens, with the numbers", () => {
  assert.deepEqual(checkTimeouts(set(ROOMY, "stop", { nginx: 10 })), [
    { rule: "nginx-stop", message: "80 + 5 is more than 10: nginx is killed before it has finished." },
  ]);
});

test("no request time limit from 1 to 600 seconds makes a ladder that breaks a rule", () => {
  const seconds = fc.integer({ min: 1, max: 600 });
  for (let request = 1; request <= 600; request++) assert.deepEqual(broken(deriveTimeouts(request)), []);
  fc.assert(
    fc.property(seconds, seconds, (request, longest) => broken(deriveTimeouts(request, longest)).length === 0),
    { verbose: true },
  );
});

test("the default ladder", () => {
  assert.deepEqual(deriveTimeouts(30), {
    client: { keepalive: 75, header: 10, body: 15, send: 30 },
    upstream: { connect: 2, retry: 5, read: 35, longestRead: 35 },
    gunicorn: { worker: 30, graceful: 35, keepAlive: 5 },
    nginxShutdown: 40,
    stop: { gunicorn: 40, nginx: 45 },
    destroy: { gunicorn: 40, nginx: 45 },
    health: { interval: 15, timeout: 5, retries: 3 },
    worker: { connections: 4096, files: 16_384 },
  });
});
