import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { maxConnections } from "../../../components/database/database-class.ts";
import { checkTimeouts } from "../../../components/edge/timeout-rules.ts";
import { WORKER_CLASSES } from "../../../components/gunicorn/sizing.ts";
import { fargateMemory } from "../../../components/host/fargate.ts";
import { UserError } from "../../../components/shared/user-error.ts";
import { concurrencyOf } from "../../../infra/gunicorn.ts";
import { ladderOf } from "../../../infra/ladder.ts";
import { parseSettings, type EcsSettings } from "../../../infra/settings.ts";
import { siteOf } from "../../../infra/site.ts";

const RUNS = 1000;
const LONGEST = 105; // 120 s until SIGKILL, less what nginx and a second try need
const project = {
  framework: "django",
  gunicorn: "ours",
  pythonPath: "/app",
  files: { folder: "/", paths: [], read: () => "" },
} as const;
const base = { wsgiModule: "shop.wsgi", domain: "shop.example.com", zone: "example.com" };

function settle(raw: Record<string, unknown>): EcsSettings {
  const settings = parseSettings({ ...base, ...raw });
  assert.ok(settings.host === "ecs");
  return settings;
}
const ladder = (settings: EcsSettings) => ladderOf(settings, siteOf(settings, project));

/** What the settings ask of the database during a rollout: a connection for each request of the old tasks and the new ones. */
const needed = (settings: EcsSettings) => {
  const { workers, perWorker } = concurrencyOf(settings);
  return 2 * settings.replicas * workers * perWorker;
};
const fits = (settings: EcsSettings) =>
  settings.database !== "postgres" || needed(settings) + 10 <= (maxConnections(settings.databaseClass) ?? Infinity);

const seconds = fc.integer({ min: 1, max: LONGEST });
const valid = fc
  .record({
    profile: fc.constantFrom("dev", "prod"),
    requestTimeout: seconds.map((value) => `${value}s`),
    size: fc
      .constantFrom(0.25, 0.5, 1, 2, 4, 8, 16)
      .chain((cpu) => fc.constantFrom(...fargateMemory(cpu)).map((mib) => ({ cpu, memory: `${mib}m` }))),
    replicas: fc.integer({ min: 1, max: 20 }),
    workerClass: fc.constantFrom(...WORKER_CLASSES),
    path: fc.option(
      seconds.map((value) => `${value}s`),
      { nil: undefined },
    ),
    database: fc.constantFrom("postgres", "none"),
    databaseClass: fc.constantFrom("db.t4g.micro", "db.t4g.medium", "db.m7g.large", "db.r6g.2xlarge"),
  })
  .map(({ size, path, ...rest }) => ({ ...rest, ...size, paths: path ? { "/report/": { timeout: path } } : {} }));

describe("the ladder of a stack on ecs", () => {
  it(`holds every relation for ${RUNS} random settings`, () => {
    fc.assert(
      fc.property(
        valid.filter((raw) => fits(settle(raw))),
        (raw) => {
          const settings = settle(raw);
          const found = ladder(settings);
          assert.deepEqual(checkTimeouts(found), []);
          // Written out once more, in the words of the sources, not of the rules.
          const { client, upstream, gunicorn, stop, loadBalancer, rollout } = found;
          assert.ok(client.keepalive >= loadBalancer.idle + 5);
          assert.ok(gunicorn.worker < upstream.longestRead && upstream.longestRead < loadBalancer.idle);
          assert.ok(loadBalancer.deregistration >= upstream.longestRead + 5);
          assert.ok(stop.gunicorn >= gunicorn.graceful + 5 && stop.gunicorn <= 120 && stop.nginx <= 120);
          assert.ok(loadBalancer.health.interval * loadBalancer.health.unhealthy <= 60);
          assert.ok(Math.floor(rollout.desired * 2) > rollout.desired && rollout.minimumPercent >= 100);
          assert.ok(
            rollout.deadline >= (3 * (rollout.grace + 45 + loadBalancer.deregistration + stop.nginx)) / rollout.desired,
          );
        },
      ),
      { numRuns: RUNS },
    );
  });

  it(`refuses ${RUNS} settings one second too long, by the name of the rule and the key`, () => {
    fc.assert(
      fc.property(valid, fc.boolean(), (raw, below) => {
        const late = `${LONGEST + 1}s`;
        const changed = below
          ? { ...raw, paths: { "/report/": { timeout: late } } }
          : { ...raw, requestTimeout: late, paths: {} };
        const refused = problemsOf(settle({ ...changed, database: "none" }));
        const where = below ? "paths./report/.timeout" : "requestTimeout";
        assert.deepEqual(refused, [[where, "fargate-stop-nginx"]]);
      }),
      { numRuns: RUNS },
    );
  });

  it("refuses a database one connection too small, and takes the one that is just large enough", () => {
    const small = { profile: "dev", databaseClass: "db.t4g.micro", cpu: 1, memory: "2g", threads: 1 };
    const last = settle({ ...small, replicas: 1, workers: 34 });
    assert.deepEqual([needed(last), problemsOf(last)], [68, []]);
    assert.deepEqual(problemsOf(settle({ ...small, replicas: 1, workers: 35 })), [
      ["databaseClass", "database-connections"],
    ]);
  });

  it("has fewer connections of gevent and uvicorn than usual, where database or nginx have fewer", () => {
    const perWorker = (raw: Record<string, unknown>) => concurrencyOf(settle(raw)).perWorker;
    for (const workerClass of ["gevent", "uvicorn"]) {
      const small = { workerClass, profile: "dev", databaseClass: "db.t4g.micro" };
      assert.equal(perWorker(small), 34); // (78 - 10) / 2 tasks
      assert.equal(perWorker({ ...small, cpu: 1, memory: "2g" }), 17); // 2 workers
      assert.equal(perWorker({ ...small, databaseClass: "db.t4g.large" }), 100);
      assert.equal(perWorker({ ...small, databaseClass: "db.z9.large" }), 100); // unknown here
      assert.equal(perWorker({ ...small, database: "none" }), 100);
      const large = { workerClass, profile: "prod", database: "none", cpu: 16, memory: "32g" };
      assert.equal(perWorker(large), 64); // 32 workers, and 4096 / 2 requests of nginx
      assert.deepEqual(problemsOf(settle({ ...large, workerConnections: 65 })), [["workers", "connections"]]);
      assert.deepEqual(problemsOf(settle({ ...small, workerConnections: 34 })), []);
      assert.deepEqual(problemsOf(settle({ ...small, workerConnections: 35 })), [
        ["databaseClass", "database-connections"],
      ]);
    }
  });

  it("has as many on this machine as PostgreSQL has for the replicas and the one that is tried", () => {
    const local = { host: "docker", edge: "nginx", wsgiModule: "shop.wsgi", workerClass: "gevent" };
    const found = (raw: Record<string, unknown>) => concurrencyOf(parseSettings({ ...local, ...raw }));
    assert.deepEqual(found({ database: "postgres" }), { workers: 2, perWorker: 15 }); // 2 x 15 in each of 3 containers
    assert.deepEqual(found({ database: "sqlite" }), { workers: 2, perWorker: 100 });
  });
});

function problemsOf(settings: EcsSettings): [where: string, rule: string][] {
  try {
    ladder(settings);
    return [];
  } catch (error) {
    assert.ok(error instanceof UserError, String(error));
    return error.problems.map(({ where, what }) => [where, /^breaks the rule "([^"]+)"/.exec(what)?.[1] ?? what]);
  }
}
