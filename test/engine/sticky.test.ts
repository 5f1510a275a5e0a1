/** While a version replaces another, both serve: a page must find its own CSS. Two versions of the site, run for real. */
import assert from "node:assert/strict";
import { appendFileSync } from "node:fs";
import { after, before, test } from "node:test";
import type { ThrowAwayStack } from "../../commands/lib/throw-away.ts";
import type { RunningTask } from "../../tools/aws/api/docker-service.ts";
import { SERVICE } from "../../tools/aws/records/ecs.ts";
import { TARGETS } from "../../tools/aws/records/elb.ts";
import { Checkout } from "../e2e/checkout.ts";
import { Visitor } from "../e2e/visitor.ts";
import { assertGreen, open } from "./stacks.ts";
import { Balancer } from "./sticky/balancer.ts";

const LONGEST = { timeout: 300_000 };
const VISITORS = 20;
const VISIT = { Host: "dev.example.com", "X-Forwarded-For": "198.51.100.7", "X-Forwarded-Proto": "https" };

let stack: ThrowAwayStack;
let newer: Checkout;
let balancer: Balancer;
const tasks: RunningTask[] = [];

const targetGroup = () => stack.aws.place.world.all(TARGETS)[0]?.properties ?? {};
const serve = async () => {
  const definition = String(stack.aws.place.world.all(SERVICE)[0]?.properties["taskDefinition"]);
  tasks.push(await stack.aws.tasks.serve(definition));
};

before(async () => {
  stack = await open("dev");
  newer = await Checkout.make("engine-sticky");
  appendFileSync(newer.path("app/postcards/static/postcards/site.css"), "\n/* another version */\n");
  assertGreen(await stack.up());
  await serve();
  assertGreen(await stack.engineIn(newer.root, "up", "--yes", "--skip-preview"));
  await serve();
  const ports = tasks.map(({ port }) => port);
  balancer = await Balancer.start(targetGroup(), ports);
}, LONGEST);
after(async () => {
  balancer.stop();
  newer.forget();
  await stack.close();
}, LONGEST);

/** The style sheet that the page names, and how the site answers when it is asked for. */
async function page(visitor: Visitor): Promise<{ readonly css: string; readonly status: number }> {
  const { status, body } = await visitor.get("/", VISIT);
  assert.equal(status, 200, body);
  const css = /href="(\/static\/postcards\/site\.[0-9a-f]{12}\.css)"/.exec(body)?.[1] ?? "";
  return { css, status: (await visitor.get(css, VISIT)).status };
}

const visitors = () => Array.from({ length: VISITORS }, () => new Visitor(balancer.port));
const pages = (all: readonly Visitor[]) => Promise.all(all.map(page));

test("a page of either version finds its own style sheet", async () => {
  const seen = await pages(visitors());
  assert.deepEqual([...new Set(seen.map(({ status }) => status))], [200]);
  assert.equal(new Set(seen.map(({ css }) => css)).size, 2);
});

test("a visitor whose task is gone goes on with the next, style sheet included", async () => {
  const all = visitors();
  await pages(all);
  const [, last = 0] = balancer.targets;
  balancer.targets = [last];
  const seen = await pages(all);
  assert.deepEqual([...new Set(seen.map(({ status }) => status))], [200]);
  assert.equal(new Set(seen.map(({ css }) => css)).size, 1);
  balancer.targets = tasks.map(({ port }) => port);
});

test("without the cookie some of them would not: it is what bridges the two", async () => {
  balancer.targetGroup = { ...targetGroup(), stickiness: { enabled: false } };
  const statuses = (await pages(visitors())).map(({ status }) => status);
  assert.ok(statuses.includes(404), statuses.join());
  assert.ok(
    statuses.every((status) => status === 200 || status === 404),
    statuses.join(),
  );
});
