/** Where secrets stand in the state of a stack, and where they never do. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { ExportedResource, ThrowAwayStack } from "../../commands/lib/throw-away.ts";
import { SERVICE } from "../../tools/aws/records/ecs.ts";
import { INSTANCE } from "../../tools/aws/records/rds.ts";
import { Visitor } from "../e2e/visitor.ts";
import { assertGreen, open } from "./stacks.ts";

const LONGEST = { timeout: 300_000 };
const SENTINEL = "sentinel-6c1f0a93";
const ARN = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:payment-AbCdEf";

/** The only places of the decrypted state where a secret of ours may be: what makes it, what keeps it, what uses it. */
const ALLOWED = [
  /^secrets-(key|database)-value (inputs|outputs)\.(result|bcryptHash)$/,
  /^secrets-(key|database)-version (inputs|outputs)\.secretString$/,
  /^database-instance (inputs|outputs)\.password$/,
];

let stack: ThrowAwayStack;
let output = "";
before(async () => {
  // Without the overlay the database has a password of ours, beside SECRET_KEY: the case with most to hide.
  const own = ["settingsOverlay=false"];
  const set = [`secrets.PAYMENT_KEY=${ARN}`, `secrets.PAYMENT_JSON=${ARN}:key`, ...own];
  const seed = { secrets: [{ arn: ARN, value: JSON.stringify({ key: SENTINEL }) }] };
  stack = await open("dev", set, seed);
  const up = await stack.up();
  assertGreen(up);
  output = up.output + (await stack.engine("preview", "--diff")).output;
}, LONGEST);
after(() => stack.close(), LONGEST);

/** Paths at which a text stands in the state, as `<resource> inputs.password`. */
function placesOf(secret: string, resources: readonly ExportedResource[]): string[] {
  const found: string[] = [];
  const visit = (value: unknown, path: string) => {
    if (typeof value === "string" && value.includes(secret)) found.push(path);
    if (typeof value !== "object" || value === null) return;
    for (const [key, inner] of Object.entries(value)) {
      if (key === "plaintext" && typeof inner === "string")
        visit(JSON.parse(inner), path); // a secret's envelope
      else visit(inner, path.endsWith(" ") ? path + key : `${path}.${key}`);
    }
  };
  for (const { urn, inputs, outputs } of resources) visit({ inputs, outputs }, `${urn.split("::").at(-1) ?? ""} `);
  return found;
}

/** As JavaScript and Go write a text into JSON. */
function asJson(text: string): string[] {
  const escaped = JSON.stringify(text).slice(1, -1);
  return [escaped, escaped.replace(/[<>&]/g, (sign) => `\\u00${sign.charCodeAt(0).toString(16)}`)];
}

test("generated secrets stand in the decrypted state at allow-listed places only, and nowhere in the encrypted one", async () => {
  const shown = (await stack.export("--show-secrets")).deployment.resources ?? [];
  const hidden = JSON.stringify(await stack.export());
  const passwords = shown.filter(({ type }) => type === "random:index/randomPassword:RandomPassword");
  const values = passwords.map(({ outputs }) => {
    const { plaintext } = outputs?.["result"] as { plaintext: string };
    return JSON.parse(plaintext) as string;
  });
  assert.deepEqual(values.map((value) => value.length).sort(), [32, 64]);
  for (const value of values) {
    const places = placesOf(value, shown);
    assert.ok(places.length >= 2, "the search finds what is there");
    assert.deepEqual(
      places.filter((place) => !ALLOWED.some((allowed) => allowed.test(place))),
      [],
    );
    for (const written of [value, ...asJson(value)]) {
      assert.equal(hidden.includes(written), false);
      assert.equal(output.includes(written), false);
    }
  }
});

test("a secret of the user's own is never read: its reference is all that is known", async () => {
  const state = JSON.stringify(await stack.export("--show-secrets"));
  assert.equal(state.includes(SENTINEL), false);
  assert.equal(output.includes(SENTINEL), false);
  assert.ok(state.includes(`${ARN}:key::`));
});

test("the password of ours reaches a running task at its start, opens the database by TLS, and nobody rotates it", async () => {
  const [instance] = stack.aws.place.world.all(INSTANCE);
  assert.deepEqual(instance?.properties["masterUserSecrets"], []); // RDS keeps none, so it rotates none
  const definition = String(stack.aws.place.world.all(SERVICE)[0]?.properties["taskDefinition"]);
  const visitor = new Visitor((await stack.aws.tasks.serve(definition)).port);
  const page = await visitor.get("/", { Host: "dev.example.com", "X-Forwarded-Proto": "https" });
  assert.equal(page.status, 200, page.body);
  assert.match(page.body, /postcard/);
  const tls = "SELECT DISTINCT ssl FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE client_addr IS NOT NULL";
  assert.equal(stack.aws.tasks.query(tls), "t");
  assert.equal(stack.aws.api.calls.filter(({ operation }) => operation === "GetSecretValue").length, 0);
});
