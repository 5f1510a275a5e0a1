import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { setImmediate } from "node:timers/promises";
import { ACMClient } from "@aws-sdk/client-acm";
import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { ECSClient } from "@aws-sdk/client-ecs";
import { STSClient } from "@aws-sdk/client-sts";
import { startApi, type ApiServer } from "../../tools/aws/api/server.ts";
import type { TaskRequest, Tasks, TaskState } from "../../tools/aws/api/tasks.ts";
import type { Place } from "../../tools/aws/record.ts";
import { CLUSTER, DEFINITION, SERVICE } from "../../tools/aws/records/ecs.ts";
import { SUBNET } from "../../tools/aws/records/ec2.ts";
import { LOG_GROUP } from "../../tools/aws/records/logs.ts";
import { GROUP } from "../../tools/aws/records/security-groups.ts";
import { World, type Properties } from "../../tools/aws/world.ts";

export const ACCOUNT = "123456789012";
export const REGION = "eu-central-1";
const arn = (rest: string) => `arn:aws:ecs:${REGION}:${ACCOUNT}:${rest}`;
export const CLUSTER_ARN = arn("cluster/shop");
export const SERVICE_ARN = arn("service/shop/web");
/** ARN of a revision of the family `web`. */
export const revision = (number: number, family = "web") => arn(`task-definition/${family}:${number}`);
export const SUBNET_ID = "subnet-00000000000000001";
export const GROUP_ID = "sg-00000000000000001";
export const LOG_GROUP_NAME = "/shop";

/** A container as a definition has it, with its log. */
export const container = (name: string, more: Properties = {}): Properties => ({
  name,
  image: `registry/${name}@sha256:0`,
  logConfiguration: {
    logDriver: "awslogs",
    options: { "awslogs-group": LOG_GROUP_NAME, "awslogs-stream-prefix": "task" },
  },
  ...more,
});

/** An empty AWS in a folder that goes with the test or suite. */
export function emptyPlace(after: (clean: () => void) => void): Place {
  const folder = mkdtempSync(join(tmpdir(), "wsgi-on-aws-api-"));
  after(() => {
    rmSync(folder, { recursive: true });
  });
  return { account: ACCOUNT, region: REGION, registry: "127.0.0.1:1", world: new World(folder), seed: {} };
}

export function put({ world }: Place, type: string, id: string, properties: Properties, key = id): void {
  world.put({ type, key, id, urn: `urn:${id}`, properties });
}

export function putDefinition(place: Place, number: number, containers: readonly Properties[], family = "web"): void {
  const properties = {
    family,
    arn: revision(number, family),
    revision: number,
    containerDefinitions: JSON.stringify(containers),
  };
  put(place, DEFINITION, family, properties, revision(number, family));
}

/** The cluster, revisions 1 and 2 of `web`, and a service of two tasks that asks for the first. */
export function putShop(place: Place, service: Properties = {}): void {
  put(place, CLUSTER, CLUSTER_ARN, { name: "shop", arn: CLUSTER_ARN });
  put(place, LOG_GROUP, LOG_GROUP_NAME, { name: LOG_GROUP_NAME });
  put(place, SUBNET, SUBNET_ID, {});
  put(place, GROUP, GROUP_ID, {});
  for (const number of [1, 2])
    putDefinition(place, number, [
      container("web", { command: [`v${number}`] }),
      container("init", { essential: false }),
    ]);
  put(place, SERVICE, SERVICE_ARN, {
    name: "web",
    cluster: CLUSTER_ARN,
    taskDefinition: revision(1),
    launchType: "FARGATE",
    desiredCount: 2,
    deploymentCircuitBreaker: { enable: true, rollback: true },
    ...service,
  });
}

/** Tasks that nobody runs: a test says how they are. */
export class PaperTasks implements Tasks {
  readonly started: TaskRequest[] = [];
  readonly states: TaskState[] = [];
  readonly lines: string[] = [];
  /** Why no task can start. */
  broken: string | undefined;

  async run(request: TaskRequest): Promise<void> {
    this.started.push(request);
    await setImmediate(); // as one that takes its time
    if (this.broken !== undefined) throw new Error(this.broken);
    const { arn: taskArn, definition, startedBy } = request;
    this.states.push({ arn: taskArn, definition, startedBy, status: "RUNNING", containers: [{ name: "web" }] });
  }
  remember(state: TaskState, log: readonly string[]): void {
    this.states.push(state);
    this.lines.splice(0, Infinity, ...log);
  }
  all = (): Promise<readonly TaskState[]> => Promise.resolve(this.states);
  log = (_: string, name: string): Promise<readonly string[] | undefined> =>
    Promise.resolve(name === "web" ? this.lines : undefined);
  stop(taskArn: string): Promise<void> {
    const index = this.states.findIndex((state) => state.arn === taskArn);
    const [state] = this.states.splice(index, 1);
    if (state) this.states.push({ ...state, status: "STOPPED", containers: [{ name: "web", exitCode: 143 }] });
    return Promise.resolve();
  }
  close = (): Promise<void> => Promise.resolve();
}

export interface Api extends Pick<ApiServer, "calls" | "faults" | "url"> {
  readonly place: Place;
  readonly tasks: PaperTasks;
  readonly ecs: ECSClient;
  readonly logs: CloudWatchLogsClient;
  readonly acm: ACMClient;
  readonly sts: STSClient;
}

/** The server over the shop, and the real clients of AWS. */
export async function openShop(
  t: TestContext,
  service: Properties = {},
  client: { key?: string; region?: string } = {},
): Promise<Api> {
  const place = emptyPlace((clean) => {
    t.after(clean);
  });
  putShop(place, service);
  const tasks = new PaperTasks();
  const server = await startApi(place, tasks);
  t.after(server.close);
  const options = {
    region: client.region ?? REGION,
    endpoint: server.url,
    maxAttempts: 1,
    credentials: { accessKeyId: client.key ?? "in-memory", secretAccessKey: "in-memory" },
  };
  return {
    ...{ place, tasks, url: server.url, calls: server.calls, faults: server.faults },
    ecs: new ECSClient(options),
    logs: new CloudWatchLogsClient(options),
    acm: new ACMClient(options),
    sts: new STSClient(options),
  };
}
