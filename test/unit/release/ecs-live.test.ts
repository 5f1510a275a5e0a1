import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { ActFailed } from "../../../components/release/act-failed.ts";
import { makeLive } from "../../../components/release/ecs-live.ts";
import { scriptedAws, type Answer, type ScriptedAws } from "./scripted-aws.ts";

const family = (revision: number) => `arn:aws:ecs:eu-central-1:123456789012:task-definition/shop:${revision}`;
const [OLD, NEW] = [family(6), family(7)];

interface Part {
  readonly taskDefinition: string;
  readonly rolloutState: "IN_PROGRESS" | "COMPLETED" | "FAILED";
  readonly runningCount: number;
  readonly [more: string]: unknown;
}
const deployment = (
  taskDefinition: string,
  rolloutState: Part["rolloutState"],
  runningCount: number,
  more = {},
): Part => ({
  taskDefinition,
  rolloutState,
  runningCount,
  desiredCount: 2,
  ...more,
});
const service = (taskDefinition: string, ...deployments: Part[]): Answer => ({
  services: [{ serviceName: "shop", status: "ACTIVE", taskDefinition, desiredCount: 2, deployments, events: [] }],
});

const STARTING = service(NEW, deployment(NEW, "IN_PROGRESS", 0), deployment(OLD, "COMPLETED", 2));
const LIVE = service(NEW, deployment(NEW, "COMPLETED", 2));
const ROLLED_BACK = service(OLD, deployment(OLD, "COMPLETED", 2));
const REASON = "ECS deployment circuit breaker: tasks failed to start.";
const FAILURE = {
  ListServiceDeployments: [{ serviceDeployments: [{ status: "ROLLBACK_SUCCESSFUL", statusReason: REASON }] }],
  ListTasks: [
    {
      taskArns: ["arn:aws:ecs:eu-central-1:123456789012:task/c/t1", "arn:aws:ecs:eu-central-1:123456789012:task/c/t2"],
    },
  ],
  DescribeTasks: [
    {
      tasks: ["t1", "t2"].map((id) => ({
        taskArn: `arn:aws:ecs:eu-central-1:123456789012:task/c/${id}`,
        taskDefinitionArn: NEW,
        stopCode: "EssentialContainerExited",
        stoppedReason: "Essential container in task exited",
        containers: [
          { name: "gunicorn", exitCode: 3 },
          { name: "nginx", exitCode: 0 },
        ],
      })),
    },
  ],
  GetLogEvents: [{ events: [{ message: "ModuleNotFoundError: No module named 'shop'" }] }],
};

async function live(aws: ScriptedAws, deadlineSeconds = 1): Promise<{ said: string[]; error?: string }> {
  const said: string[] = [];
  const rollout = {
    clients: aws.clients,
    cluster: "c",
    service: "shop",
    taskDefinition: NEW,
    logGroup: "logs",
    deadlineSeconds,
    say: (line: string) => void said.push(line),
  };
  try {
    await makeLive(rollout);
    return { said };
  } catch (error) {
    assert.ok(error instanceof ActFailed, String(error));
    return { said, error: error.message };
  }
}

async function script(t: TestContext, answers: Parameters<typeof scriptedAws>[0]): Promise<ScriptedAws> {
  const aws = await scriptedAws(answers);
  t.after(aws.close);
  return aws;
}

test("a rollout is waited for until nothing else runs, and says how it goes", async (t) => {
  const half = service(NEW, deployment(NEW, "IN_PROGRESS", 1, { pendingCount: 1 }), deployment(OLD, "COMPLETED", 2));
  const both = service(NEW, deployment(NEW, "COMPLETED", 2), deployment(OLD, "COMPLETED", 1));
  const aws = await script(t, { DescribeServices: [STARTING, STARTING, half, both, LIVE] });
  assert.deepEqual(await live(aws), {
    said: [
      "shop:7: 0 of 2 running; the version before: 2 of 2 running",
      "shop:7: 1 of 2 running, 1 starting; the version before: 2 of 2 running",
      "shop:7: 2 of 2 running; the version before: 1 of 2 running",
      "shop:7 serves, after 0 s",
    ],
  });
  assert.deepEqual(aws.inputsOf("UpdateService"), []);
});

test("a rollback that looks healthy fails, with what the tasks said", async (t) => {
  const aws = await script(t, { DescribeServices: [STARTING, ROLLED_BACK], ...FAILURE });
  const { error = "" } = await live(aws);
  assert.match(error, /^The rollout of shop:7 failed; ECS went back to shop:6\.\n/);
  assert.ok(error.includes(`ROLLBACK_SUCCESSFUL: ${REASON}`), error);
  assert.ok(
    error.includes(
      "2 tasks stopped: EssentialContainerExited, Essential container in task exited, gunicorn exit code 3",
    ),
    error,
  );
  assert.match(error, /last lines of gunicorn:\n +ModuleNotFoundError: No module named 'shop'$/);
  assert.deepEqual(
    aws.inputsOf("GetLogEvents").map(({ logStreamName }) => logStreamName),
    ["task/gunicorn/t1"],
  );
});

test("the next act asks for the revision again, and is green when it holds", async (t) => {
  const aws = await script(t, {
    DescribeServices: [ROLLED_BACK, LIVE],
    UpdateService: [{ service: (STARTING as { services: object[] }).services[0] }],
  });
  const { said, error } = await live(aws);
  assert.equal(error, undefined);
  assert.equal(said[0], "An earlier rollout failed; asking for shop:7 again");
  assert.deepEqual(aws.inputsOf("UpdateService"), [
    { cluster: "c", service: "shop", taskDefinition: NEW, forceNewDeployment: true },
  ]);
});

test("and red when it does not hold", async (t) => {
  const aws = await script(t, {
    DescribeServices: [ROLLED_BACK, STARTING, ROLLED_BACK],
    UpdateService: [{ service: (STARTING as { services: object[] }).services[0] }],
    ...FAILURE,
  });
  assert.match((await live(aws)).error ?? "", /ECS went back to shop:6/);
  assert.equal(aws.inputsOf("UpdateService").length, 1);
});

test("a first rollout has nothing to go back to, and fails at once", async (t) => {
  const failed = service(NEW, deployment(NEW, "FAILED", 0, { rolloutStateReason: REASON, failedTasks: 3 }));
  const aws = await script(t, { DescribeServices: [STARTING, failed], ...FAILURE, ListServiceDeployments: [{}] });
  const { error = "" } = await live(aws);
  assert.match(error, /^The rollout of shop:7 failed\.\n +ECS deployment circuit breaker/);
});

test("and is asked for again by the next act", async (t) => {
  const failed = service(NEW, deployment(NEW, "FAILED", 0));
  const aws = await script(t, {
    DescribeServices: [failed, LIVE],
    UpdateService: [{ service: (STARTING as { services: object[] }).services[0] }],
  });
  assert.equal((await live(aws)).error, undefined);
  assert.equal(aws.inputsOf("UpdateService").length, 1);
});

test("a service that somebody deleted is named, and waiting ends", async (t) => {
  for (const services of [[{ serviceName: "shop", status: "INACTIVE" }], []]) {
    const aws = await script(t, { DescribeServices: [{ services }] });
    const state = services.length ? "inactive" : "gone";
    const expected = `The service shop is ${state}: somebody deleted it outside of Pulumi. Run pulumi refresh, then pulumi up.`;
    assert.equal((await live(aws)).error, expected);
  }
});

test("waiting ends at the deadline, and says where it stands", async (t) => {
  const aws = await script(t, {
    DescribeServices: [STARTING],
    ...FAILURE,
    ListServiceDeployments: [{}],
    ListTasks: [{}],
  });
  assert.match((await live(aws, 0.05)).error ?? "", /^ECS has not decided about shop:7 within 0\.05 s\. It goes on/);
});

test("throttling is survived", async (t) => {
  const busy = { __type: "ThrottlingException", message: "Rate exceeded" };
  const aws = await script(t, { DescribeServices: [busy, busy, LIVE] });
  assert.deepEqual((await live(aws)).error, undefined);
  assert.equal(aws.inputsOf("DescribeServices").length, 3);
});

for (const [name, says] of [
  ["ExpiredTokenException", "have expired: run aws sso login"],
  ["AccessDeniedException", "may not do this"],
  ["ClusterNotFoundException", "deleted outside of Pulumi"],
] as const) {
  test(`${name} has its own sentence, before AWS's own`, async (t) => {
    const aws = await script(t, { DescribeServices: [{ __type: name, message: "the words of AWS" }] });
    const { error = "" } = await live(aws);
    assert.ok(error.startsWith("AWS refused while asking for the service. ") && error.includes(says), error);
    assert.ok(error.endsWith(`${name}: the words of AWS`), error);
  });
}

test("credentials of another account are refused before anything is done", async () => {
  await assert.rejects(scriptedAws({}, "999999999999"), (error) => {
    assert.ok(error instanceof ActFailed);
    assert.match(
      error.message,
      /belong to the account 999999999999, those of the Pulumi provider to 123456789012; nothing was done/,
    );
    return true;
  });
});
