/** The other way round: PostgreSQL instead of SQLite, one Gunicorn that nginx reaches over TCP. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { changes, Checkout, docker, type Finished } from "./checkout.ts";
import { Deployment } from "./deployment.ts";
import { Visitor } from "./visitor.ts";

const LONGEST = { timeout: 300_000 };
const SETTINGS = { database: "postgres", upstream: "tcp", replicas: 1 };

let checkout: Checkout;
let stack: Deployment;
let visitor: Visitor;
let started: Finished;

before(async () => {
  checkout = await Checkout.make("postgres");
  stack = new Deployment(checkout);
  visitor = new Visitor(checkout.port);
  started = await checkout.start(SETTINGS);
}, LONGEST);
after(() => checkout.remove(), LONGEST);

test("npm start serves the site from one Gunicorn, over TCP", async () => {
  assert.equal(started.code, 0, started.output);
  assert.deepEqual([stack.container("gunicorn-2"), (await visitor.get("/")).status], ["", 200]);
  assert.match(docker("exec", stack.container("nginx"), "cat", "/etc/nginx-conf/nginx.conf"), /server \S+:8000 /);
  assert.match(stack.run("cat", "/proc/net/tcp"), /:1F40 00000000:0000 0A/); // listens on port 8000
});

test("a form writes to PostgreSQL, and what it wrote outlives stop", LONGEST, async () => {
  const answer = await visitor.submit("/write/", { name: "Grace", message: "Kept in PostgreSQL." });
  assert.deepEqual([answer.status, answer.headers.location], [302, "/"]);
  const stopped = await checkout.run("stop");
  assert.equal(stopped.code, 0, stopped.output);
  const again = await checkout.start(SETTINGS);
  assert.equal(again.code, 0, again.output);
  assert.match((await visitor.get("/")).body, /Kept in PostgreSQL\./);
  const psql = ["psql", "-U", "app", "-d", "app", "-Atc", "SELECT count(*) FROM postcards_postcard"];
  assert.equal(docker("exec", stack.container("postgres"), ...psql), "1");
});

test("a second npm start changes nothing", LONGEST, async () => {
  const { code, output } = await checkout.start(SETTINGS);
  assert.equal(code, 0, output);
  assert.deepEqual(Object.keys(changes(output)), ["unchanged"], output);
});
