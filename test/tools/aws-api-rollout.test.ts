/** Rollouts field by field, through the real client of ECS: what DescribeServices and ListServiceDeployments say at each question. */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  DescribeServiceDeploymentsCommand,
  DescribeServicesCommand,
  DescribeTasksCommand,
  ListServiceDeploymentsCommand,
  ListTasksCommand,
  UpdateServiceCommand,
  type DesiredStatus,
  type Service,
} from "@aws-sdk/client-ecs";
import { GetLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { SERVICE } from "../../tools/aws/records/ecs.ts";
import { LOG_GROUP_NAME, openShop, revision, SERVICE_ARN, type Api } from "./aws-api.ts";

const REASON = "ECS deployment circuit breaker: tasks failed to start.";
const AT = { cluster: "shop", service: "web" };

async function ask({ ecs }: Api): Promise<Service> {
  const { services = [], failures } = await ecs.send(
    new DescribeServicesCommand({ cluster: "shop", services: ["web"] }),
  );
  assert.deepEqual(failures, []);
  const [service] = services;
  assert.ok(service);
  return service;
}
/** Each deployment in short: `PRIMARY :2 IN_PROGRESS 1/2 0 failed`. */
const inShort = ({ deployments = [] }: Service) =>
  deployments.map(({ status, taskDefinition, rolloutState, runningCount, desiredCount, failedTasks }) =>
    [
      status,
      taskDefinition?.match(/:\d+$/)?.[0],
      rolloutState,
      `${runningCount ?? ""}/${desiredCount ?? ""}`,
      `${failedTasks ?? ""} failed`,
    ].join(" "),
  );
const update = ({ ecs }: Api, number: number, force = false) =>
  ecs.send(new UpdateServiceCommand({ ...AT, taskDefinition: revision(number), forceNewDeployment: force }));
const latest = async ({ ecs }: Api) =>
  (await ecs.send(new ListServiceDeploymentsCommand({ ...AT, maxResults: 1 }))).serviceDeployments?.[0];
const tasks = async ({ ecs }: Api, desiredStatus: DesiredStatus) =>
  (await ecs.send(new ListTasksCommand({ cluster: "shop", serviceName: "web", desiredStatus }))).taskArns ?? [];
const inWorld = ({ place }: Api) => place.world.get(SERVICE, SERVICE_ARN)?.properties["taskDefinition"];

/** A service of which revision 1 serves. */
async function serving(...args: Parameters<typeof openShop>): Promise<Api> {
  const api = await openShop(...args);
  for (let question = 0; question < 4; question += 1) await ask(api);
  return api;
}

test("a first rollout goes on with each question, one task after the other", async (t) => {
  const api = await openShop(t);
  assert.equal((await latest(api))?.status, "PENDING");
  assert.deepEqual(inShort(await ask(api)), ["PRIMARY :1 IN_PROGRESS 0/2 0 failed"]);
  assert.equal((await latest(api))?.status, "IN_PROGRESS");
  assert.deepEqual(inShort(await ask(api)), ["PRIMARY :1 IN_PROGRESS 1/2 0 failed"]);
  const half = await ask(api);
  assert.deepEqual(inShort(half), ["PRIMARY :1 IN_PROGRESS 2/2 0 failed"]);
  assert.deepEqual([half.runningCount, half.pendingCount, half.desiredCount], [2, 0, 2]);
  const done = await ask(api);
  assert.deepEqual(inShort(done), ["PRIMARY :1 COMPLETED 2/2 0 failed"]);
  assert.deepEqual([done.status, done.taskDefinition, done.serviceName], ["ACTIVE", revision(1), "web"]);
  const id = done.deployments?.[0]?.id ?? "";
  assert.deepEqual(
    done.events?.map(({ message }) => message),
    [
      "(service web) has reached a steady state.",
      `(service web) (deployment ${id}) deployment completed.`,
      "(service web) has started 2 tasks.",
    ],
  );
  assert.ok(done.events[0]?.createdAt instanceof Date);
  assert.equal((await latest(api))?.status, "SUCCESSFUL");
});

test("a slow one takes as many questions more", async (t) => {
  const api = await openShop(t);
  api.faults.slow = 5;
  const states: string[] = [];
  for (let question = 0; question < 9; question += 1) states.push(...inShort(await ask(api)));
  assert.deepEqual(
    states.map((state) => state.split(" ")[3]),
    ["0/2", "0/2", "0/2", "0/2", "0/2", "0/2", "1/2", "2/2", "2/2"],
  );
  assert.match(states[8] ?? "", /COMPLETED/);
});

test("the provider's own change begins a rollout, beside the revision that serves", async (t) => {
  const api = await serving(t);
  const service = api.place.world.get(SERVICE, SERVICE_ARN);
  assert.ok(service);
  api.place.world.put({ ...service, properties: { ...service.properties, taskDefinition: revision(2) } });
  assert.deepEqual(inShort(await ask(api)), [
    "PRIMARY :2 IN_PROGRESS 0/2 0 failed",
    "ACTIVE :1 COMPLETED 2/2 0 failed",
  ]);
  assert.equal((await tasks(api, "RUNNING")).length, 2);
  await ask(api);
  assert.equal((await tasks(api, "RUNNING")).length, 3);
  await ask(api);
  assert.deepEqual(inShort(await ask(api)), ["PRIMARY :2 COMPLETED 2/2 0 failed"]);
  const described = await api.ecs.send(
    new DescribeTasksCommand({ cluster: "shop", tasks: await tasks(api, "RUNNING") }),
  );
  assert.deepEqual(
    described.tasks?.map(({ lastStatus, taskDefinitionArn, group }) => [lastStatus, taskDefinitionArn, group]),
    [1, 2].map(() => ["RUNNING", revision(2), "service:web"]),
  );
});

test("a rollback is over in silence: one healthy deployment, of the old revision, in the world too", async (t) => {
  const api = await serving(t);
  api.faults.failing = "v2";
  await update(api, 2);
  assert.deepEqual(inShort(await ask(api)), [
    "PRIMARY :2 IN_PROGRESS 0/2 1 failed",
    "ACTIVE :1 COMPLETED 2/2 0 failed",
  ]);
  assert.deepEqual(inShort(await ask(api)), [
    "PRIMARY :2 IN_PROGRESS 0/2 2 failed",
    "ACTIVE :1 COMPLETED 2/2 0 failed",
  ]);
  const back = await ask(api);
  assert.deepEqual(inShort(back), ["PRIMARY :1 COMPLETED 2/2 0 failed"]);
  assert.deepEqual([back.taskDefinition, back.runningCount], [revision(1), 2]);
  assert.equal(inWorld(api), revision(1));
  const { status, statusReason } = (await latest(api)) ?? {};
  assert.deepEqual([status, statusReason], ["ROLLBACK_SUCCESSFUL", REASON]);
  assert.deepEqual(inShort(await ask(api)), inShort(back));
});

test("a rollback in slow motion: reason and failed tasks of the new one, the old one PRIMARY again", async (t) => {
  const api = await serving(t);
  Object.assign(api.faults, { failing: "v2", slowRollback: 2 });
  await update(api, 2);
  for (let question = 0; question < 2; question += 1) await ask(api);
  const requested = await ask(api);
  assert.deepEqual(inShort(requested), ["PRIMARY :1 IN_PROGRESS 2/2 0 failed", "ACTIVE :2 FAILED 0/0 3 failed"]);
  assert.equal(requested.taskDefinition, revision(1));
  assert.equal(inWorld(api), revision(1));
  const [old, failed] = requested.deployments ?? [];
  assert.equal(failed?.rolloutStateReason, REASON);
  assert.deepEqual(
    requested.events?.slice(0, 2).map(({ message }) => message),
    [
      `(service web) rolling back to deployment ${old?.id ?? ""}.`,
      `(service web) (deployment ${failed.id ?? ""}) deployment failed: tasks failed to start.`,
    ],
  );
  assert.equal((await latest(api))?.status, "ROLLBACK_REQUESTED");
  assert.deepEqual(inShort(await ask(api)), inShort(requested));
  const arn = (await latest(api))?.serviceDeploymentArn ?? "";
  const { serviceDeployments, failures } = await api.ecs.send(
    new DescribeServiceDeploymentsCommand({ serviceDeploymentArns: [arn, `${arn}0`] }),
  );
  const [deployment] = serviceDeployments ?? [];
  assert.equal(deployment?.status, "ROLLBACK_IN_PROGRESS");
  assert.deepEqual(deployment.deploymentCircuitBreaker, { status: "TRIGGERED", failureCount: 3, threshold: 3 });
  assert.equal(deployment.rollback?.reason, REASON);
  assert.equal(deployment.rollback.serviceRevisionArn, deployment.sourceServiceRevisions?.[0]?.arn);
  assert.ok(deployment.rollback.startedAt instanceof Date);
  assert.deepEqual(failures, [{ arn: `${arn}0`, reason: "MISSING" }]);
  assert.deepEqual(inShort(await ask(api)), ["PRIMARY :1 COMPLETED 2/2 0 failed"]);
  assert.equal((await latest(api))?.status, "ROLLBACK_SUCCESSFUL");
});

test("what stopped says why: exit code and log, or the reason why it never started", async (t) => {
  for (const cannotStart of [undefined, "CannotPullContainerError: pull image manifest has been retried 1 time(s)"]) {
    const api = await serving(t);
    Object.assign(api.faults, { failing: "v2", cannotStart });
    await update(api, 2);
    for (let question = 0; question < 3; question += 1) await ask(api);
    const arns = await tasks(api, "STOPPED");
    assert.equal(arns.length, 3);
    const { tasks: [task] = [] } = await api.ecs.send(new DescribeTasksCommand({ cluster: "shop", tasks: arns }));
    assert.equal(task?.taskDefinitionArn, revision(2));
    const { stopCode, stoppedReason, lastStatus, containers = [] } = task;
    const shown = containers.map(({ name, exitCode, reason }) => ({ name, exitCode, reason }));
    const log = api.logs.send(
      new GetLogEventsCommand({
        logGroupName: LOG_GROUP_NAME,
        logStreamName: `task/web/${task.taskArn?.split("/")[2] ?? ""}`,
      }),
    );
    assert.equal(lastStatus, "STOPPED");
    if (cannotStart === undefined) {
      assert.deepEqual([stopCode, stoppedReason], ["EssentialContainerExited", "Essential container in task exited"]);
      assert.deepEqual(shown[0], { name: "web", exitCode: 3, reason: undefined });
      assert.deepEqual(
        (await log).events?.map(({ message }) => message),
        ["ModuleNotFoundError: No module named 'broken'"],
      );
    } else {
      assert.deepEqual([stopCode, stoppedReason], ["TaskFailedToStart", cannotStart]);
      assert.deepEqual(shown[0], { name: "web", exitCode: undefined, reason: cannotStart });
      await assert.rejects(log, { name: "ResourceNotFoundException" });
    }
    assert.equal(shown[1]?.exitCode, undefined);
  }
});

test("a first rollout that fails has nothing to go back to, and stays failed until it is asked for again", async (t) => {
  const api = await openShop(t);
  api.faults.failing = "v1";
  for (let question = 0; question < 2; question += 1) await ask(api);
  const failed = await ask(api);
  assert.deepEqual(inShort(failed), ["PRIMARY :1 FAILED 0/0 3 failed"]);
  assert.deepEqual([failed.runningCount, failed.deployments?.[0]?.rolloutStateReason], [0, REASON]);
  assert.deepEqual([await tasks(api, "RUNNING"), (await tasks(api, "STOPPED")).length], [[], 3]);
  delete api.faults.failing;
  assert.deepEqual(inShort(await ask(api)), inShort(failed));
  assert.equal((await latest(api))?.status, "STOPPED");
  const again = await update(api, 1, true);
  assert.deepEqual(inShort(again.service ?? {}), ["PRIMARY :1 IN_PROGRESS 0/2 0 failed"]);
  for (let question = 0; question < 3; question += 1) await ask(api);
  assert.deepEqual(inShort(await ask(api)), ["PRIMARY :1 COMPLETED 2/2 0 failed"]);
});

test("without a circuit breaker ECS tries for ever; without rollback it leaves both", async (t) => {
  const endless = await serving(t, { deploymentCircuitBreaker: undefined });
  endless.faults.failing = "v2";
  await update(endless, 2);
  for (let question = 0; question < 9; question += 1) await ask(endless);
  assert.deepEqual(inShort(await ask(endless)), [
    "PRIMARY :2 IN_PROGRESS 0/2 10 failed",
    "ACTIVE :1 COMPLETED 2/2 0 failed",
  ]);

  const left = await serving(t, { deploymentCircuitBreaker: { enable: true, rollback: false } });
  left.faults.failing = "v2";
  await update(left, 2);
  for (let question = 0; question < 3; question += 1) await ask(left);
  assert.deepEqual(inShort(await ask(left)), ["PRIMARY :2 FAILED 0/0 3 failed", "ACTIVE :1 COMPLETED 2/2 0 failed"]);
});

test("a revision that is asked for again while ECS goes back stops the going back", async (t) => {
  const api = await serving(t);
  Object.assign(api.faults, { failing: "v2", slowRollback: 9 });
  await update(api, 2);
  for (let question = 0; question < 3; question += 1) await ask(api);
  delete api.faults.failing;
  const { service = {} } = await update(api, 2, true);
  assert.deepEqual(inShort(service), ["PRIMARY :2 IN_PROGRESS 0/2 0 failed", "ACTIVE :1 COMPLETED 2/2 0 failed"]);
  for (let question = 0; question < 4; question += 1) await ask(api);
  assert.deepEqual(inShort(await ask(api)), ["PRIMARY :2 COMPLETED 2/2 0 failed"]);
  const { serviceDeployments = [] } = await api.ecs.send(new ListServiceDeploymentsCommand(AT));
  assert.deepEqual(
    serviceDeployments.map(({ status }) => status),
    ["SUCCESSFUL", "STOPPED", "SUCCESSFUL"],
  );
});

test("another count and an unknown revision", async (t) => {
  const api = await serving(t);
  const { service } = await api.ecs.send(new UpdateServiceCommand({ ...AT, desiredCount: 5 }));
  assert.equal(service?.desiredCount, 5);
  await assert.rejects(update(api, 3), { name: "ClientException" });
  assert.equal(inWorld(api), revision(1));
});

test("a service that is not there, and one that somebody deletes meanwhile", async (t) => {
  const api = await serving(t);
  const missing = await api.ecs.send(new DescribeServicesCommand({ cluster: "shop", services: ["web", "other"] }));
  assert.deepEqual(missing.failures, [{ arn: "other", reason: "MISSING" }]);
  await assert.rejects(api.ecs.send(new DescribeServicesCommand({ cluster: "other", services: ["web"] })), {
    name: "ClusterNotFoundException",
  });
  await assert.rejects(api.ecs.send(new UpdateServiceCommand({ ...AT, service: "other" })), {
    name: "ServiceNotFoundException",
  });

  api.faults.deleted = true;
  const gone = await ask(api);
  assert.deepEqual([gone.status, gone.desiredCount, gone.deployments], ["INACTIVE", 0, []]);
  assert.equal(api.place.world.get(SERVICE, SERVICE_ARN), undefined);
  await assert.rejects(update(api, 2), { name: "ServiceNotActiveException" });
  assert.equal((await ask(api)).status, "INACTIVE");
});
