import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { maxConnections } from "../../../components/database/database-class.ts";
import { checkTimeouts } from "../../../components/edge/timeout-rules.ts";
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

/** What the settings ask of the database during a rollout: a connection for each thread of the old tasks and the new ones. */
const needed = (settings: EcsSettings) => {
  const { workers, threads } = concurrencyOf(settings);
  return 2 * settings.replicas * workers * threads;
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
    workerClass: fc.constantFrom("sync", "gthread"),
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
