import assert from "node:assert/strict";
import { test } from "node:test";
import { revisionBefore } from "../../../components/host/revision.ts";

test("the revision before is of the same family; the first has none", () => {
  const arn = (revision: string) => `arn:aws:ecs:eu-central-1:123456789012:task-definition/${revision}`;
  assert.equal(revisionBefore(arn("shop-1-task:10")), "shop-1-task:9");
  assert.equal(revisionBefore(arn("shop:2")), "shop:1");
  assert.equal(revisionBefore(arn("shop:1")), undefined);
  assert.equal(revisionBefore("not known yet"), undefined);
});
