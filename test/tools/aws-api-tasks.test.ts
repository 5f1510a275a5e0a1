/** One-off tasks through the real client of ECS: what is started, what is not started twice, what is refused. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { DescribeTasksCommand, ListTasksCommand, RunTaskCommand, StopTaskCommand } from "@aws-sdk/client-ecs";
import type { RunTaskCommandInput } from "@aws-sdk/client-ecs";
import { CLUSTER_ARN, container, GROUP_ID, openShop, putDefinition, revision, SUBNET_ID, type Api } from "./aws-api.ts";

const NETWORK = { awsvpcConfiguration: { subnets: [SUBNET_ID], securityGroups: [GROUP_ID] } };
const RUN: RunTaskCommandInput = {
  cluster: "shop",
  taskDefinition: revision(1),
  launchType: "FARGATE",
  startedBy: "release-1",
  overrides: { containerOverrides: [{ name: "web", command: ["migrate"] }] },
  networkConfiguration: NETWORK,
};
const run = ({ ecs }: Api, more: Partial<RunTaskCommandInput> = {}) =>
  ecs.send(new RunTaskCommand({ ...RUN, ...more }));
const list = async ({ ecs }: Api, filter: object) =>
  (await ecs.send(new ListTasksCommand({ cluster: "shop", ...filter }))).taskArns ?? [];

test("a task is started with its overrides, and known by what started it, by family, and by its id", async (t) => {
  const api = await openShop(t);
  const { tasks: [task] = [], failures } = await run(api);
  assert.deepEqual(failures, []);
  const arn = task?.taskArn ?? "";
  assert.match(arn, /^arn:aws:ecs:eu-central-1:123456789012:task\/shop\/[0-9a-f]{32}$/);
  assert.deepEqual(
    [task?.clusterArn, task?.taskDefinitionArn, task?.lastStatus, task?.startedBy, task?.group],
    [CLUSTER_ARN, revision(1), "PROVISIONING", "release-1", "family:web"],
  );
  assert.deepEqual(api.tasks.started, [
    { arn, definition: revision(1), startedBy: "release-1", commands: { web: ["migrate"] } },
  ]);
  for (const filter of [{}, { startedBy: "release-1" }, { family: "web" }])
    assert.deepEqual(await list(api, filter), [arn]);
  for (const filter of [
    { startedBy: "release-2" },
    { family: "other" },
    { desiredStatus: "STOPPED" },
    { serviceName: "web" },
  ])
    assert.deepEqual(await list(api, filter), []);
  const described = await api.ecs.send(
    new DescribeTasksCommand({ cluster: "shop", tasks: [arn.split("/")[2] ?? "", "gone"] }),
  );
  assert.deepEqual(
    described.tasks?.map(({ taskArn }) => taskArn),
    [arn],
  );
  assert.deepEqual(
    described.failures?.map(({ reason }) => reason),
    ["MISSING"],
  );
});

test("the same token starts nothing twice, however close the calls; with other parameters it is a conflict", async (t) => {
  const api = await openShop(t);
  const answers = await Promise.all([1, 2, 3].map(() => run(api, { clientToken: "release-1-0" })));
  assert.equal(new Set(answers.map(({ tasks }) => tasks?.[0]?.taskArn)).size, 1);
  assert.equal(api.tasks.started.length, 1);
  await assert.rejects(run(api, { clientToken: "release-1-0", startedBy: "other" }), { name: "ConflictException" });
  await run(api, { clientToken: "release-1-1" });
  assert.equal(api.tasks.started.length, 2);
});

test("a task that is asked to stop has stopped by that, and one that is not there is refused", async (t) => {
  const api = await openShop(t);
  const { tasks: [task] = [] } = await run(api);
  const stopped = await api.ecs.send(new StopTaskCommand({ cluster: "shop", task: task?.taskArn, reason: "enough" }));
  const { lastStatus, stopCode, stoppedReason } = stopped.task ?? {};
  assert.deepEqual([lastStatus, stopCode, stoppedReason], ["STOPPED", "UserInitiated", "enough"]);
  assert.equal((await list(api, { desiredStatus: "STOPPED" })).length, 1);
  await assert.rejects(api.ecs.send(new StopTaskCommand({ cluster: "shop", task: "0" })), {
    name: "InvalidParameterException",
  });
});

test("a task that cannot start is a task that stopped, with the reason and without a log", async (t) => {
  const api = await openShop(t);
  api.tasks.broken = "ResourceInitializationError: no value of the secret";
  const { tasks: [task] = [] } = await run(api);
  const { tasks: [ended] = [] } = await api.ecs.send(
    new DescribeTasksCommand({ cluster: "shop", tasks: [task?.taskArn ?? ""] }),
  );
  const { lastStatus, stopCode, stoppedReason } = ended ?? {};
  assert.deepEqual([lastStatus, stopCode, stoppedReason], ["STOPPED", "TaskFailedToStart", api.tasks.broken]);
});

test("without room there is a failure and no task", async (t) => {
  const api = await openShop(t);
  api.faults.noCapacity = true;
  const { tasks, failures } = await run(api);
  assert.deepEqual(tasks, []);
  assert.match(failures?.[0]?.reason ?? "", /^Capacity is unavailable at this time\./);
  assert.deepEqual(api.tasks.started, []);
});

const WRONG: Readonly<Record<string, [Partial<RunTaskCommandInput>, string]>> = {
  "another cluster": [{ cluster: "other" }, "ClusterNotFoundException"],
  "a revision that is not there": [{ taskDefinition: revision(3) }, "ClientException"],
  "a family that is not there": [{ taskDefinition: "other" }, "ClientException"],
  "no network": [{ networkConfiguration: undefined }, "InvalidParameterException"],
  "no subnet": [{ networkConfiguration: { awsvpcConfiguration: { subnets: [] } } }, "InvalidParameterException"],
  "a subnet that is not there": [
    { networkConfiguration: { awsvpcConfiguration: { subnets: ["subnet-1"] } } },
    "InvalidParameterException",
  ],
  "a group that is not there": [
    { networkConfiguration: { awsvpcConfiguration: { ...NETWORK.awsvpcConfiguration, securityGroups: ["sg-1"] } } },
    "InvalidParameterException",
  ],
  "a container that is not there": [
    { overrides: { containerOverrides: [{ name: "other" }] } },
    "InvalidParameterException",
  ],
  "a name of 129 characters": [{ startedBy: "x".repeat(129) }, "InvalidParameterException"],
};
for (const [what, [input, name]] of Object.entries(WRONG)) {
  test(`refused: ${what}`, async (t) => {
    const api = await openShop(t);
    await assert.rejects(run(api, input), { name });
    assert.deepEqual(api.tasks.started, []);
  });
}

test("questions that ECS refuses", async (t) => {
  const api = await openShop(t);
  await assert.rejects(list(api, { startedBy: "a", family: "web" }), { name: "InvalidParameterException" });
  await assert.rejects(list(api, { serviceName: "other" }), { name: "ServiceNotFoundException" });
  await assert.rejects(api.ecs.send(new DescribeTasksCommand({ cluster: "shop", tasks: [] })), {
    name: "InvalidParameterException",
  });
});

test("a family runs its newest revision", async (t) => {
  const api = await openShop(t);
  putDefinition(api.place, 3, [container("web")]);
  await run(api, { taskDefinition: "web" });
  assert.equal(api.tasks.started[0]?.definition, revision(3));
});
