import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { ActFailed } from "../../../components/release/act-failed.ts";
import { runTaskOnce } from "../../../components/release/ecs-run-once.ts";
import { scriptedAws, type Answer, type ScriptedAws } from "./scripted-aws.ts";

const arn = (id: string) => `arn:aws:ecs:eu-central-1:123456789012:task/c/${id}`;
const stopped = (id: string, exitCode: number | undefined, more: object = {}): Answer => ({
  taskArn: arn(id),
  lastStatus: "STOPPED",
  containers: [{ name: "gunicorn", ...(exitCode !== undefined && { exitCode }) }],
  ...more,
});
const running = (id: string, startedBy = ""): Answer => ({ taskArn: arn(id), lastStatus: "RUNNING", startedBy });

/** What ListTasks finds: of every release, and of this one by its `startedBy`. */
const listing =
  (found: { family?: string[]; RUNNING?: string[]; STOPPED?: string[] }) =>
  ({ family, desiredStatus }: Record<string, unknown>): Answer => {
    const ids = family === undefined ? found[desiredStatus as "RUNNING" | "STOPPED"] : found.family;
    return { taskArns: (ids ?? []).map(arn) };
  };

/** What DescribeTasks answers for each task: a list of states, of which the last one repeats. */
function describing(states: Record<string, Answer[]>) {
  return ({ tasks = [] }: Record<string, unknown>): Answer => ({
    tasks: (tasks as string[]).flatMap((task) => {
      const queue = states[task.split("/").at(-1) ?? ""] ?? [];
      return (queue.length > 1 ? queue.shift() : queue[0]) ?? [];
    }),
  });
}

async function release(t: TestContext, script: Parameters<typeof scriptedAws>[0]) {
  const aws = await scriptedAws({ GetLogEvents: [{ events: [] }], ...script });
  t.after(aws.close);
  const said: string[] = [];
  const run = async (): Promise<string | undefined> => {
    try {
      await runTaskOnce({
        clients: aws.clients,
        cluster: "c",
        taskDefinition: "arn:aws:ecs:eu-central-1:123456789012:task-definition/shop-command:4",
        image: "repository@sha256:abc",
        command: ["python", "manage.py", "migrate"],
        network: { subnets: ["subnet-1"], securityGroups: ["sg-1"], assignPublicIp: true },
        logGroup: "logs",
        say: (line) => void said.push(line),
      });
      return undefined;
    } catch (error) {
      assert.ok(error instanceof ActFailed, String(error));
      return error.message;
    }
  };
  return { aws, said, error: await run(), run };
}
const started = (aws: ScriptedAws) => aws.inputsOf("RunTask");
const WORDS = "python manage.py migrate";

test("a fresh release runs once, with its network, its name and its token", async (t) => {
  const { aws, said, error } = await release(t, {
    ListTasks: listing({}),
    RunTask: [{ tasks: [running("t1")] }],
    DescribeTasks: describing({ t1: [running("t1"), stopped("t1", 0)] }),
  });
  assert.equal(error, undefined);
  assert.deepEqual(said, [`${WORDS}: started as a task of its own`, `${WORDS}: done after 0 s`]);
  const [input = {}] = started(aws);
  const { startedBy, clientToken, ...rest } = input;
  assert.match(String(startedBy), /^release-[0-9a-f]{20}$/);
  assert.match(String(clientToken), new RegExp(`^${String(startedBy)}-0-\\d+$`));
  assert.ok(String(clientToken).length <= 64 && String(startedBy).length <= 36);
  assert.deepEqual(rest, {
    cluster: "c",
    taskDefinition: "arn:aws:ecs:eu-central-1:123456789012:task-definition/shop-command:4",
    launchType: "FARGATE",
    count: 1,
    overrides: { containerOverrides: [{ name: "gunicorn", command: ["python", "manage.py", "migrate"] }] },
    networkConfiguration: {
      awsvpcConfiguration: { subnets: ["subnet-1"], securityGroups: ["sg-1"], assignPublicIp: "ENABLED" },
    },
  });
});

test("ECS may not know the task for a moment", async (t) => {
  let asked = 0;
  const { error } = await release(t, {
    ListTasks: listing({}),
    RunTask: [{ tasks: [running("t1")] }],
    DescribeTasks: () => (asked++ < 2 ? { failures: [{ reason: "MISSING" }] } : { tasks: [stopped("t1", 0)] }),
  });
  assert.deepEqual([error, asked], [undefined, 3]);
});

test("the task of a killed deployment is waited for, and no second one started", async (t) => {
  const { aws, said, error } = await release(t, {
    ListTasks: listing({ RUNNING: ["t1"] }),
    DescribeTasks: describing({ t1: [running("t1"), running("t1"), stopped("t1", 0)] }),
  });
  assert.deepEqual([error, started(aws)], [undefined, []]);
  assert.equal(said[0], `${WORDS}: still running from an interrupted deployment, waiting for it`);
});

test("one that has succeeded meanwhile counts", async (t) => {
  const { aws, said, error } = await release(t, {
    ListTasks: listing({ STOPPED: ["t1", "t2"] }),
    DescribeTasks: describing({ t1: [stopped("t1", 1)], t2: [stopped("t2", 0)] }),
  });
  assert.deepEqual(
    [error, started(aws), said],
    [undefined, [], [`${WORDS}: already done by an interrupted deployment`]],
  );
});

test("one that failed is run again, with a token of its own", async (t) => {
  const { aws, error } = await release(t, {
    ListTasks: listing({ STOPPED: ["t1"] }),
    RunTask: [{ tasks: [running("t2")] }],
    DescribeTasks: describing({ t1: [stopped("t1", 1)], t2: [stopped("t2", 0)] }),
  });
  assert.equal(error, undefined);
  assert.match(String(started(aws)[0]?.["clientToken"]), /-1-\d+$/);
});

test("a release of another version is waited for first; tasks that people started are not", async (t) => {
  const { aws, error } = await release(t, {
    ListTasks: listing({ family: ["old", "shell"] }),
    RunTask: [{ tasks: [running("t1")] }],
    DescribeTasks: describing({
      old: [running("old", "release-other"), running("old"), stopped("old", 0)],
      shell: [running("shell", "me")],
      t1: [stopped("t1", 0)],
    }),
  });
  assert.equal(error, undefined);
  const operations = aws.calls.map(({ operation }) => operation);
  const waits = aws
    .inputsOf("DescribeTasks")
    .slice(0, 3)
    .map(({ tasks }) => tasks);
  assert.deepEqual(waits, [[arn("old"), arn("shell")], [arn("old")], [arn("old")]]);
  assert.ok(operations.indexOf("RunTask") > operations.lastIndexOf("ListTasks"));
});

test("a command that fails shows its exit code, ECS's words and its last lines", async (t) => {
  const { error } = await release(t, {
    ListTasks: listing({}),
    RunTask: [{ tasks: [running("t1")] }],
    DescribeTasks: describing({
      t1: [
        stopped("t1", 3, { stopCode: "EssentialContainerExited", stoppedReason: "Essential container in task exited" }),
      ],
    }),
    GetLogEvents: [
      { events: [{ message: "Applying shop.0002_slow..." }, { message: "django.db.utils.ProgrammingError" }] },
    ],
  });
  assert.equal(
    error,
    `${WORDS} failed with exit code 3; the version that serves stays as it is.\n` +
      "EssentialContainerExited: Essential container in task exited\n" +
      "    Applying shop.0002_slow...\n    django.db.utils.ProgrammingError",
  );
});

for (const [reason, hint] of [
  ["CannotPullContainerError: pull image manifest has been retried", "The image cannot be pulled"],
  [
    "ResourceInitializationError: unable to pull secrets or registry auth: unable to retrieve secret from asm",
    "A secret cannot be read",
  ],
] as const) {
  test(`a task that never ran says why: ${hint.toLowerCase()}`, async (t) => {
    const { error = "" } = await release(t, {
      ListTasks: listing({}),
      RunTask: [{ tasks: [running("t1")] }],
      DescribeTasks: describing({
        t1: [stopped("t1", undefined, { stopCode: "TaskFailedToStart", stoppedReason: reason })],
      }),
      GetLogEvents: [{ __type: "ResourceNotFoundException", message: "The specified log stream does not exist." }],
    });
    assert.ok(
      error.startsWith(`${WORDS} never ran; the version that serves stays as it is.\nTaskFailedToStart: ${reason}`),
      error,
    );
    assert.ok(error.includes(hint), error);
  });
}

test("what ECS cannot start is an error with its reasons", async (t) => {
  const { error } = await release(t, {
    ListTasks: listing({}),
    RunTask: [{ failures: [{ reason: "Capacity is unavailable at this time", detail: "FARGATE" }] }],
  });
  assert.equal(error, `ECS did not start ${WORDS}.\n    Capacity is unavailable at this time: FARGATE`);
});
