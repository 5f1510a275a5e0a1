/** While a version replaces another, both serve: a page must find its own static files. Two versions of the site, run for real. */
import assert from "node:assert/strict";
import { appendFileSync } from "node:fs";
import { after, before, test } from "node:test";
import type { ThrowAwayStack } from "../../commands/lib/throw-away.ts";
import { readStackFile } from "../../commands/lib/stack-file.ts";
import { ladderOf } from "../../infra/ladder.ts";
import { projectOf } from "../../infra/project.ts";
import { parseSettings } from "../../infra/settings.ts";
import { siteOf } from "../../infra/site.ts";
import { docker } from "../../tools/aws/api/docker-cli.ts";
import type { RunningTask } from "../../tools/aws/api/docker-service.ts";
import { SERVICE } from "../../tools/aws/records/ecs.ts";
import { TARGETS } from "../../tools/aws/records/elb.ts";
import { Checkout } from "../e2e/checkout.ts";
import { Visitor } from "../e2e/visitor.ts";
import { assertGreen, open } from "./stacks.ts";
import { Balancer, COOKIE } from "./sticky/balancer.ts";

const LONGEST = { timeout: 300_000 };
const VISITORS = 40;
const VISIT = { Host: "dev.example.com", "X-Forwarded-For": "198.51.100.7", "X-Forwarded-Proto": "https" };
const STATIC = "app/postcards/static/postcards";

let stack: ThrowAwayStack;
let newer: Checkout;
let balancer: Balancer;
const tasks: RunningTask[] = [];

const targetGroup = () => {
  const [stored] = stack.aws.place.world.all(TARGETS);
  assert.ok(stored);
  return stored;
};
const stickiness = () => targetGroup().properties["stickiness"] as Record<string, unknown>;
const serve = async () => {
  const definition = String(stack.aws.place.world.all(SERVICE)[0]?.properties["taskDefinition"]);
  const task = await stack.aws.tasks.serve(definition);
  tasks.push(task);
  return task.port;
};

before(async () => {
  stack = await open("dev");
  newer = await Checkout.make("engine-sticky");
  // Each file gets another name, as its content is another.
  appendFileSync(newer.path(`${STATIC}/site.css`), "\n/* another version */\n");
  appendFileSync(newer.path(`${STATIC}/copy.js`), "\n// another version\n");
  appendFileSync(newer.path(`${STATIC}/stamp.svg`), "<!-- another version -->\n");
  assertGreen(await stack.up());
  const old = await serve();
  assertGreen(await stack.engineIn(newer.root, "up", "--yes", "--skip-preview"));
  balancer = await Balancer.start(() => targetGroup().properties, [old, await serve()]);
}, LONGEST);
after(async () => {
  balancer.stop();
  newer.forget();
  await stack.close();
}, LONGEST);

const come = () => new Visitor(balancer.port);
const many = () => Array.from({ length: VISITORS }, come);

/** The static files that a page names: its CSS, its JavaScript, its picture. */
async function page(visitor: Visitor): Promise<string[]> {
  const { status, body } = await visitor.get("/gallery/", VISIT);
  assert.equal(status, 200, body);
  const named = new Set([...body.matchAll(/(?:href|src)="(\/static\/[^"]+)"/g)].map(([, path = ""]) => path));
  const files = [...named].sort();
  const names = files.map((path) => /^\/static\/postcards\/(\w+)\.[0-9a-f]{12}\.(\w+)$/.exec(path)?.slice(1).join("."));
  assert.deepEqual(names, ["copy.js", "site.css", "stamp.svg"]);
  return files;
}

/** How the site answers, as a browser asks: all at once. */
const statusesOf = (visitor: Visitor, files: readonly string[]) =>
  Promise.all(files.map(async (path) => (await visitor.get(path, VISIT)).status));

/** A page and its files: how many came with which status, and the versions that were seen, by the names of all files. */
async function visit(visitors: readonly Visitor[]) {
  const statuses: Record<number, number> = {};
  const versions = new Set<string>();
  const one = async (visitor: Visitor) => {
    const files = await page(visitor);
    versions.add(files.join());
    for (const status of await statusesOf(visitor, files)) statuses[status] = (statuses[status] ?? 0) + 1;
  };
  await Promise.all(visitors.map(one));
  return { statuses, versions: versions.size };
}

/** Longest time that a rollout may take, whatever the settings: their longest request, and any number of tasks. */
function longestRollout(): number {
  const deadlines = Array.from({ length: 20 }, (_, index) => index + 1).map((replicas) => {
    const slowest = ["requestTimeout=105s", "database=none", `replicas=${replicas}`];
    const settings = parseSettings(readStackFile("dev", slowest).raw);
    assert.ok(settings.host === "ecs");
    return ladderOf(settings, siteOf(settings, projectOf(settings))).rollout.deadline;
  });
  return Math.max(...deadlines);
}

test("the target group binds a visitor to a task for longer than any rollout takes", (t) => {
  const { enabled, type, cookieDuration } = stickiness();
  assert.deepEqual([enabled, type], [true, "lb_cookie"]);
  t.diagnostic(`longest rollout: ${longestRollout()} s, stickiness: ${Number(cookieDuration)} s`);
  assert.ok(longestRollout() <= Number(cookieDuration));
});

test("the first page sets the cookie, and whatever it names is asked for with it, of the same task", async () => {
  const first = balancer.passed.length;
  const visitor = come();
  const { headers } = await visitor.get("/gallery/", VISIT);
  assert.match((headers["set-cookie"] ?? []).join("\n"), new RegExp(`^${COOKIE}=`, "m"));
  assert.deepEqual(await statusesOf(visitor, await page(visitor)), [200, 200, 200]);
  const passed = balancer.passed.slice(first);
  assert.deepEqual(
    passed.map(({ cookie }) => cookie),
    [false, true, true, true, true],
  );
  assert.equal(new Set(passed.map(({ target }) => target)).size, 1);
});

test("a page of either version finds its own static files", async () => {
  assert.deepEqual(await visit(many()), { statuses: { 200: 3 * VISITORS }, versions: 2 });
});

test("so does what a page asks for at the end of the longest rollout", async () => {
  const open = await Promise.all(many().map(async (visitor) => ({ visitor, files: await page(visitor) })));
  balancer.wait(longestRollout());
  const late = await Promise.all(open.map(({ visitor, files }) => statusesOf(visitor, files)));
  assert.deepEqual(late.flat(), Array<number>(3 * VISITORS).fill(200));
});

test("without stickiness they do not: it is what bridges the two", async () => {
  const stored = targetGroup();
  const off = { ...stored.properties, stickiness: { ...stickiness(), enabled: false } };
  stack.aws.place.world.put({ ...stored, properties: off });
  const { statuses, versions } = await visit(many());
  stack.aws.place.world.put(stored);
  assert.equal(versions, 2);
  assert.deepEqual(Object.keys(statuses), ["200", "404"]);
  assert.deepEqual(await visit(many()), { statuses: { 200: 3 * VISITORS }, versions: 2 });
});

test("a visitor whose task is gone goes on with the next one, static files included", async () => {
  const all = many();
  assert.equal((await visit(all)).versions, 2);
  const [old] = tasks;
  assert.ok(old);
  balancer.deregister(old.port);
  docker("stop", "--time", "20", old.containers["nginx"] ?? "", old.containers["gunicorn"] ?? "");
  assert.deepEqual(await visit(all), { statuses: { 200: 3 * VISITORS }, versions: 1 });
});
