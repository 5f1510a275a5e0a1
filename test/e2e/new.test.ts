/** `npm run new`: a stack's file from a few answers, checked before it is written. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { parse } from "yaml";
import { Checkout } from "./checkout.ts";

const FILE = "stacks/Pulumi.shop.yaml";
const ANSWERS = ["--region", "eu-west-1", "--set", "domain=shop.example.org", "--set", "zone=example.org"];

let checkout: Checkout;
before(async () => {
  checkout = await Checkout.make("new");
});
after(() => {
  checkout.forget();
});
const make = (...args: string[]) => checkout.run("new", ["--stack", "shop", ...args]);

test("what cannot be deployed is refused, each problem by its key, and nothing is written", async () => {
  const { code, output } = await make("--region", "moon", "--set", "domain=https://x", "--set", "profile=huge");
  assert.equal(code, 1);
  for (const key of ["aws:region", "profile", "domain"]) assert.match(output, new RegExp(`^error: ${key}: `, "m"));
  assert.match(
    (await make(...ANSWERS, "--set", "projectDir=nowhere")).output,
    /error: projectDir: the folder "nowhere"/,
  );
  assert.equal(checkout.gitStatus(), "");
});

test("the file has what was said and the suggestions, and a plan is made from it", async () => {
  const { code, output } = await make(...ANSWERS);
  assert.equal(code, 0, output);
  assert.match(output, /pulumi up --stack shop/);
  assert.equal(checkout.gitStatus(), `?? ${FILE}\n`);
  assert.deepEqual(parse(readFileSync(checkout.path(FILE), "utf8")), {
    config: {
      "aws:region": "eu-west-1",
      "wsgi-on-aws:domain": "shop.example.org",
      "wsgi-on-aws:zone": "example.org",
      "wsgi-on-aws:projectDir": "app",
      "wsgi-on-aws:wsgiModule": "site_config.wsgi",
      "wsgi-on-aws:profile": "dev",
    },
  });
  const plan = await checkout.run("plan", ["--stack", "shop"]);
  assert.match(plan.output, /\d+ resources\n$/);
});

test("a file that is there is never written again", async () => {
  const before = readFileSync(checkout.path(FILE), "utf8");
  const { code, output } = await make("--region", "eu-central-1", "--set", "domain=other.example.org");
  assert.deepEqual([code, output], [1, `error: ${FILE}: exists already. Choose another name, or edit it.\n`]);
  assert.equal(readFileSync(checkout.path(FILE), "utf8"), before);
});

test("npm start is for stacks on this machine", async () => {
  const { code, output } = await checkout.run("start", ["--stack", "shop"]);
  assert.equal(code, 1);
  assert.match(output, /error: --stack: the stack "shop" runs on AWS.* Run pulumi up --stack shop\./);
});
