/** Deployments that were killed: the next command clears up after them. */
import assert from "node:assert/strict";
import { appendFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { INSTANCE_LABEL } from "../../../components/host/docker-labels.ts";
import { changes, Checkout, docker } from "../checkout.ts";
import { Deployment } from "../deployment.ts";
import { killed, printed } from "../killed.ts";
import { Visitor } from "../visitor.ts";

const LONGEST = { timeout: 300_000 };
const PARTS = ["gunicorn-1", "gunicorn-2", "nginx"];

let checkout: Checkout;
let stack: Deployment;
let instance = "";

before(async () => {
  checkout = await Checkout.make("killed");
  stack = new Deployment(checkout);
}, LONGEST);
after(() => checkout.remove(), LONGEST);

const change = (text: string) => {
  appendFileSync(checkout.path("app/postcards/views.py"), `\n# ${text}\n`);
};
const ofStack = (...list: string[]) => docker(...list, "--filter", `label=${INSTANCE_LABEL}=${instance}`);
const names = () =>
  ofStack("ps", "--all", "--format", "{{.Names}}")
    .split("\n")
    .map((name) => name.slice(name.indexOf(instance) + instance.length + 1))
    .sort();

const MOMENTS: readonly (readonly [what: string, moment: RegExp])[] = [
  ["the first start, while nginx starts", /Container edge-server-container creating/],
  [
    "a new version, while its image is built",
    /docker:index:Image gunicorn-image-build updating.*\n|naming to|\[collected /,
  ],
  ["a new version, while a replica is away", /Container host-gunicorn-1-container deleted original/],
];

describe("npm start after a kill works, and leaves nothing behind:", () => {
  for (const [what, moment] of MOMENTS) {
    test(what, LONGEST, async () => {
      change(what);
      const running = checkout.begin("start", checkout.settings());
      await printed(running, moment);
      await killed(running);

      const again = await checkout.start();
      assert.equal(again.code, 0, again.output);
      instance = docker(
        "inspect",
        "--format",
        `{{index .Config.Labels "${INSTANCE_LABEL}"}}`,
        stack.container("nginx"),
      );
      assert.equal((await new Visitor(checkout.port).get("/")).status, 200);
      assert.deepEqual(names(), PARTS);
      assert.equal(ofStack("network", "ls", "--quiet").split("\n").length, 1);
      assert.deepEqual(Object.keys(changes((await checkout.start()).output)), ["unchanged"]);
    });
  }
});

test("a second npm start beside one that runs is refused, and does not hurt it", LONGEST, async () => {
  change("beside");
  const running = checkout.begin("start", checkout.settings());
  await printed(running, /^Updating/m);
  const second = await checkout.start();
  assert.notEqual(second.code, 0);
  assert.match(
    second.output,
    /^error: stack local: another run \(process \d+\) is working on it\. Wait until it ends/m,
  );
  const first = await running.finished;
  assert.equal(first.code, 0, first.output);
});

test("npm run stop after a kill leaves no container and no network", LONGEST, async () => {
  change("stop");
  const running = checkout.begin("start", checkout.settings());
  await printed(running, /Container host-gunicorn-2-container deleted original/);
  await killed(running);
  const { code, output } = await checkout.run("stop");
  assert.equal(code, 0, output);
  assert.equal(ofStack("ps", "--all", "--quiet"), "");
  assert.equal(ofStack("network", "ls", "--quiet"), "");
  assert.equal(
    checkout
      .gitStatus()
      .replace(/^ M app\/postcards\/views\.py$/m, "")
      .trim(),
    "",
  );
});
