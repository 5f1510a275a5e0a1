/** What goes wrong in a deployment on ECS: each case ends, says why in its own words, and the next `up` tells the truth again. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { ThrowAwayStack } from "../../commands/lib/throw-away.ts";
import { SERVICE } from "../../tools/aws/records/ecs.ts";
import { assertGreen, counts, open } from "./stacks.ts";

const LONGEST = { timeout: 300_000 };
const callsOf = (stack: ThrowAwayStack, name: string) =>
  stack.aws.api.calls.filter(({ operation }) => operation === name);

describe("a stack that serves", LONGEST, () => {
  let stack: ThrowAwayStack;
  before(async () => {
    stack = await open("dev", ["replicas=3"]);
    assertGreen(await stack.up());
  }, LONGEST);
  after(() => stack.close(), LONGEST);

  /** Revision that the service has in AWS. */
  const revision = () => String(stack.aws.place.world.all(SERVICE)[0]?.properties["taskDefinition"]).split("/").at(-1);
  async function red(...says: readonly RegExp[]): Promise<string> {
    const { code, output } = await stack.up();
    assert.notEqual(code, 0, output.slice(-3000));
    for (const said of says) assert.match(output, said);
    return output;
  }

  test("ran its release command once, with three tasks", () => {
    assert.equal(callsOf(stack, "RunTask").length, 1);
    assert.equal(stack.aws.tasks.query("SELECT count(*) FROM django_migrations WHERE app = 'postcards'"), "1");
  });

  test("makes no call of its own in a preview", async () => {
    const made = stack.aws.api.calls.length;
    stack.set({ uploadLimit: "30m", releaseCommand: ["python", "manage.py", "check"] });
    assertGreen(await stack.engine("preview"));
    stack.set({ uploadLimit: "10m", releaseCommand: undefined });
    assert.equal(stack.aws.api.calls.length, made);
  });

  test("a rollback that ECS makes in silence fails up, again and again, until the revision holds", async () => {
    const served = revision();
    stack.set({ uploadLimit: "33m" });
    stack.aws.api.faults.failing = "client_max_body_size 33m";
    const reasons = [
      /The rollout of wsgi-on-aws-dev-host-task:\d+ failed; ECS went back to wsgi-on-aws-dev-host-task:1\./,
      /ROLLBACK_SUCCESSFUL: ECS deployment circuit breaker: tasks failed to start\./,
      /tasks stopped: EssentialContainerExited, Essential container in task exited, gunicorn exit code 3/,
      /ModuleNotFoundError: No module named 'broken'/,
    ];
    await red(...reasons);
    assert.equal(revision(), served);
    assert.deepEqual(callsOf(stack, "UpdateService"), []);

    await red(/An earlier rollout failed; asking for wsgi-on-aws-dev-host-task:2 again/, ...reasons);
    assert.equal(callsOf(stack, "UpdateService").length, 1);
    assert.equal(revision(), served);

    delete stack.aws.api.faults.failing;
    const mended = await stack.up();
    assertGreen(mended);
    assert.match(mended.output, /wsgi-on-aws-dev-host-task:2 serves/);
    assert.equal(revision(), "wsgi-on-aws-dev-host-task:2");
    assert.deepEqual(Object.keys(counts(await stack.up())), ["unchanged"]);
  });

  test("a slow rollout and a throttled AWS are waited for", async () => {
    stack.set({ uploadLimit: "34m" });
    Object.assign(stack.aws.api.faults, { slow: 10, throttle: 4 });
    assertGreen(await stack.up());
    stack.aws.api.faults.slow = 0;
  });

  test("expired credentials say what to do, and nothing is done", async () => {
    stack.set({ uploadLimit: "35m" });
    stack.aws.api.faults.expired = true;
    const calls = stack.aws.api.calls.length;
    await red(/Your AWS credentials are missing or have expired: run aws sso login/);
    assert.equal(stack.aws.api.calls.length, calls);
    stack.aws.api.faults.expired = false;
    assertGreen(await stack.up());
  });

  test("credentials of another account are refused before the first act", async () => {
    stack.set({ uploadLimit: "36m" });
    stack.aws.api.faults.account = "999999999999";
    const calls = stack.aws.api.calls.length;
    await red(/belong to the account 999999999999, those of the Pulumi provider to 123456789012; nothing was done/);
    assert.equal(stack.aws.api.calls.length, calls);
    delete stack.aws.api.faults.account;
    assertGreen(await stack.up());
  });

  test("a permission that is missing is named", async () => {
    stack.set({ uploadLimit: "37m" });
    stack.aws.api.faults.denied = ["DescribeServices"];
    await red(/AWS refused while asking for the service\. Your AWS user or role may not do this/, /DescribeServices/);
    stack.aws.api.faults.denied = [];
    assertGreen(await stack.up());
  });

  test("a release command that fails leaves the service alone, and shows its last lines", async () => {
    const served = revision();
    stack.set({ releaseCommand: ["python", "-c", "print('counting'); raise SystemExit(7)"], uploadLimit: "38m" });
    const output = await red(/failed with exit code 7; the version that serves stays as it is\./, /counting/);
    assert.doesNotMatch(output, /host-service-tasks updat/);
    assert.equal(revision(), served);
  });

  test("a release command outlives an up that is killed: one task, one row", async () => {
    const insert = [
      "import time; from django.db import connection as c; x = c.cursor()",
      "x.execute('CREATE TABLE IF NOT EXISTS runs (at timestamptz DEFAULT now())')",
      "x.execute('INSERT INTO runs DEFAULT VALUES'); time.sleep(6)",
    ].join("; ");
    stack.set({ releaseCommand: ["python", "manage.py", "shell", "-c", insert] });
    const before = callsOf(stack, "RunTask").length;
    const killed = await stack.killedUp(
      () => callsOf(stack, "RunTask").length > before && stack.aws.tasks.query("SELECT to_regclass('runs')") !== "",
    );
    assert.notEqual(killed.code, 0);
    await stack.cancel();
    const again = await stack.up();
    assertGreen(again);
    assert.match(
      again.output,
      /still running from an interrupted deployment, waiting for it|already done by an interrupted deployment/,
    );
    assert.equal(callsOf(stack, "RunTask").length, before + 1);
    assert.equal(stack.aws.tasks.query("SELECT count(*) FROM runs"), "1");
  });

  test("a service that somebody deleted is named, and waiting ends", async () => {
    const [service] = stack.aws.place.world.all(SERVICE);
    assert.ok(service);
    stack.set({ uploadLimit: "39m" });
    stack.aws.place.world.remove(SERVICE, service.key);
    await red(/NotFound: .* is gone|somebody deleted it outside of Pulumi/);
  });
});

test("a first deployment that fails is red twice, and green once it can start", LONGEST, async () => {
  const stack = await open("dev");
  try {
    stack.aws.api.faults.failing = "gunicorn";
    const first = await stack.up();
    assert.notEqual(first.code, 0);
    assert.match(first.output, /The rollout of wsgi-on-aws-dev-host-task:1 failed\.\s/);
    const second = await stack.up();
    assert.notEqual(second.code, 0);
    assert.match(second.output, /An earlier rollout failed; asking for wsgi-on-aws-dev-host-task:1 again/);
    delete stack.aws.api.faults.failing;
    assertGreen(await stack.up());
  } finally {
    await stack.close();
  }
});
