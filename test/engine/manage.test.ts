/** `npm run manage` on a stack of AWS: a task of the running revision, its log, its exit code. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { ThrowAwayStack } from "../../commands/lib/throw-away.ts";
import { assertGreen, open } from "./stacks.ts";

const LONGEST = { timeout: 300_000 };

let stack: ThrowAwayStack;
before(async () => {
  stack = await open("dev");
  assertGreen(await stack.up());
}, LONGEST);
after(() => stack.close(), LONGEST);

test("prints what the command writes, and ends as it ends", LONGEST, async () => {
  const good = await stack.command("manage", "--stack", "dev", "check");
  assert.equal(good.code, 0, good.output);
  assert.match(good.output, /System check identified no issues/);
  const code = "import sys; print('one'); print('two'); sys.exit(5)";
  const bad = await stack.command("manage", "--stack", "dev", "shell", "-c", code);
  assert.deepEqual([bad.code, bad.output.match(/^(one|two)$/gm)], [5, ["one", "two"]], bad.output);
  const runs = stack.aws.api.calls.filter(({ operation }) => operation === "RunTask").map(({ input }) => input);
  assert.deepEqual(
    runs.slice(1).map(({ startedBy }) => startedBy),
    ["manage", "manage"],
  );
});

test("says what is missing for a stack that nobody deployed, and for other credentials", LONGEST, async () => {
  const none = await stack.command("manage", "--stack", "prod", "check");
  assert.equal(none.code, 1);
  assert.match(none.output, /error: stack prod: has no outputs .* Run pulumi up --stack prod first\./);
  stack.aws.api.faults.account = "999999999999";
  const other = await stack.command("manage", "--stack", "dev", "check");
  assert.deepEqual([other.code, /belong to the account 999999999999/.test(other.output)], [1, true], other.output);
});
