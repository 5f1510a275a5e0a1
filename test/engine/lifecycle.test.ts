/** Each stack of AWS from its first `up` to its last `destroy`, through the real engine. */
import assert from "node:assert/strict";
import { appendFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import type { ThrowAwayStack } from "../../commands/lib/throw-away.ts";
import { DEFINITION, SERVICE } from "../../tools/aws/records/ecs.ts";
import { Checkout } from "../e2e/checkout.ts";
import { assertGreen, counts, open, touched } from "./stacks.ts";

const LONGEST = { timeout: 300_000 };

/** What stays in AWS by design when a stack of dev is gone. */
const REMAINS = ["aws:ecs/taskDefinition:TaskDefinition", "aws:route53/record:Record"];

for (const name of ["dev", "prod"]) {
  describe(`the stack ${name}`, LONGEST, () => {
    let stack: ThrowAwayStack;
    let elsewhere: Checkout;
    before(async () => {
      stack = await open(name);
      elsewhere = await Checkout.make(`engine-${name}`, { umask: "077" });
    }, LONGEST);
    after(async () => {
      await stack.close();
      elsewhere.forget();
    });

    test("comes up, gates included, and again without a change", async (t) => {
      const begun = Date.now();
      const first = await stack.up();
      assertGreen(first);
      t.diagnostic(`first up: ${((Date.now() - begun) / 1000).toFixed(1)} s, ${counts(first)["created"] ?? 0} created`);
      assert.deepEqual(Object.keys(counts(first)), ["created"]);
      assert.doesNotMatch(first.output, /rollback *:/);
      assert.match(first.output, /migrate --noinput: done after/);
      assert.match(first.output, new RegExp(`wsgi-on-aws-${name}-host-task:1 serves`));

      const again = Date.now();
      const second = await stack.up();
      assertGreen(second);
      t.diagnostic(`second up: ${((Date.now() - again) / 1000).toFixed(1)} s`);
      assert.deepEqual(counts(second), { unchanged: counts(first)["created"] });
    });

    test("shows no change from another folder with another umask, nor after a refresh", async () => {
      const there = await stack.engineIn(elsewhere.root, "preview", "--expect-no-changes");
      assertGreen(there);
      assertGreen(await stack.engine("refresh", "--yes", "--skip-preview", "--expect-no-changes"));
    });

    test("takes another app image with a new revision and one release, and nothing else", async () => {
      appendFileSync(elsewhere.path("app/postcards/models.py"), "\n# another version\n");
      const runs = stack.aws.api.calls.filter(({ operation }) => operation === "RunTask").length;
      const changed = await stack.engineIn(elsewhere.root, "up", "--yes", "--skip-preview");
      assertGreen(changed);
      assert.deepEqual(touched(changed), {
        replaced: ["host-command-definition", "host-task-definition"],
        updated: ["gunicorn-image-build", "host-release-migrated", "host-service-live", "host-service-tasks"],
      });
      assert.equal(stack.aws.api.calls.filter(({ operation }) => operation === "RunTask").length, runs + 1);
      assertGreen(await stack.up()); // back to the version of this checkout
    });

    test("takes another nginx setting with a new revision, and no release", async () => {
      const runs = stack.aws.api.calls.filter(({ operation }) => operation === "RunTask").length;
      stack.set({ uploadLimit: "20m" });
      const changed = await stack.up();
      assertGreen(changed);
      assert.deepEqual(touched(changed), {
        replaced: ["host-task-definition"],
        updated: ["host-service-live", "host-service-tasks"],
      });
      assert.equal(stack.aws.api.calls.filter(({ operation }) => operation === "RunTask").length, runs);
    });

    test("names the revision to go back to, which is still there", async () => {
      const { commands } = await stack.outputs();
      const [, family, revision] = /--task-definition (\S+):(\d+) --region/.exec(commands["rollback"] ?? "") ?? [];
      const [service] = stack.aws.place.world.all(SERVICE);
      assert.ok(String(service?.properties["taskDefinition"]).endsWith(`/${family ?? ""}:${Number(revision) + 1}`));
      const revisions = stack.aws.place.world.all(DEFINITION).map(({ properties }) => String(properties["arn"]));
      assert.ok(revisions.some((arn) => arn.endsWith(`/${family ?? ""}:${revision ?? ""}`)));
    });

    test("takes another size with new revisions", async () => {
      stack.set({ cpu: 1, memory: "2g" });
      const changed = await stack.up();
      assertGreen(changed);
      assert.deepEqual(touched(changed), {
        replaced: ["host-command-definition", "host-task-definition"],
        updated: ["host-service-live", "host-service-tasks"],
      });
    });

    test("goes away, and comes again", async () => {
      if (name === "prod") {
        const refused = await stack.engine("destroy", "--yes", "--skip-preview");
        assert.notEqual(refused.code, 0);
        assert.match(refused.output, /protect/);
        stack.set({ profile: "dev" }); // the way that the documentation names
        assertGreen(await stack.up());
      }
      const gone = await stack.engine("destroy", "--yes", "--skip-preview");
      assertGreen(gone);
      assert.deepEqual((await stack.export()).deployment.resources ?? [], []);
      const left = new Set(stack.aws.place.world.all().map(({ type }) => type));
      assert.deepEqual([...left].sort(), REMAINS);
      const records = stack.aws.place.world
        .all("aws:route53/record:Record")
        .map(({ properties }) => properties["type"]);
      assert.deepEqual([...new Set(records)], ["CNAME"]); // the proofs alone
      assertGreen(await stack.up());
    });
  });
}
