import { isDeepStrictEqual } from "node:util";
import { hex } from "../ids.ts";
import type { Place } from "../record.ts";
import { containersOf } from "../records/container-checks.ts";
import { SUBNET } from "../records/ec2.ts";
import { GROUP } from "../records/security-groups.ts";
import { AwsError, type Answer, type Faults, type Handler, type Input } from "./handler.ts";
import { clusterOf, definitionOf, findService, nameIn } from "./lookup.ts";
import type { Rollouts } from "./rollout.ts";
import { taskArn } from "./service-tasks.ts";
import type { Tasks, TaskState } from "./tasks.ts";

interface Override {
  readonly name?: string;
  readonly command?: readonly string[];
}

const wrong = (message: string) => new AwsError("InvalidParameterException", message);

/** Tasks of ECS: those of services are described, others really run. */
export function oneOffTasks(place: Place, tasks: Tasks, rollouts: Rollouts, faults: Faults): Handler {
  /** What was started with a client token: the same call again starts nothing. */
  const tokens = new Map<string, { readonly input: Input; readonly answer: Promise<Answer> }>();
  /** Reasons of those that were asked to stop, by ARN. */
  const stopped = new Map<string, string>();
  const inCluster = async ({ id }: { readonly id: string }): Promise<TaskState[]> =>
    [...(await tasks.all()), ...rollouts.running()].filter(({ arn }) => arn.split("/")[1] === nameIn(id));
  const described = (task: TaskState, cluster: string): Answer => {
    const reason = stopped.get(task.arn);
    const byUser = reason === undefined ? {} : { stopCode: "UserInitiated" as const, stoppedReason: reason };
    return describedTask(task.status === "STOPPED" ? { ...task, ...byUser } : task, cluster);
  };

  return {
    ListTasks: async (input) => {
      const cluster = clusterOf(place, input["cluster"]);
      const { desiredStatus = "RUNNING", startedBy, serviceName, family, maxResults = 100 } = input;
      // https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ListTasks.html
      if (startedBy !== undefined && (serviceName !== undefined || family !== undefined))
        throw wrong("startedBy must be the only filter.");
      if (serviceName !== undefined && !findService(place, input["cluster"], serviceName))
        throw new AwsError("ServiceNotFoundException", "Service not found.");
      const found = (await inCluster(cluster))
        .filter(({ status }) => (status === "STOPPED") === (desiredStatus === "STOPPED"))
        .filter((task) => startedBy === undefined || task.startedBy === startedBy)
        .filter((task) => serviceName === undefined || task.service === nameIn(serviceName))
        .filter(({ definition }) => family === undefined || nameIn(definition).split(":")[0] === family);
      return { taskArns: found.map(({ arn }) => arn).slice(0, Number(maxResults)) };
    },
    DescribeTasks: async (input) => {
      const cluster = clusterOf(place, input["cluster"]);
      const wanted = (input["tasks"] ?? []) as string[];
      if (wanted.length === 0) throw wrong("Tasks cannot be empty.");
      if (wanted.length > 100) throw wrong("Tasks cannot have more than 100 elements.");
      const known = await inCluster(cluster);
      const found = wanted.map((task) => known.find(({ arn }) => nameIn(arn) === nameIn(task)) ?? task);
      return {
        tasks: found.filter((each) => typeof each !== "string").map((task) => described(task, cluster.id)),
        failures: found
          .filter((each) => typeof each === "string")
          .map((task) => ({ arn: taskArn(place, cluster.id, nameIn(task)), reason: "MISSING" })),
      };
    },
    RunTask: (input) => {
      const { clientToken, ...rest } = input;
      const token = clientToken as string | undefined;
      if (token === undefined) return run(rest);
      const before = tokens.get(token);
      if (before && !isDeepStrictEqual(before.input, rest))
        throw new AwsError("ConflictException", "The client token was used with other parameters.");
      if (before) return before.answer;
      const answer = run(rest);
      tokens.set(token, { input: rest, answer });
      return answer;
    },
    StopTask: async (input) => {
      const { reason = "Task stopped by user" } = input as { reason?: string };
      const cluster = clusterOf(place, input["cluster"]);
      const arn = taskArn(place, cluster.id, nameIn(input["task"]));
      const find = async () => (await tasks.all()).find((task) => task.arn === arn);
      if (!(await find())) throw wrong("The referenced task was not found.");
      stopped.set(arn, reason);
      await tasks.stop(arn);
      const task = await find();
      return { task: task && described(task, cluster.id) };
    },
  };

  async function run(input: Input): Promise<Answer> {
    const cluster = clusterOf(place, input["cluster"]);
    const definition = definitionOf(place, input["taskDefinition"]);
    checkNetwork(input);
    const { startedBy = "" } = input as { startedBy?: string };
    if (startedBy.length > 128) throw wrong("startedBy is longer than 128 characters.");
    const commands = commandsOf(input, new Set(containersOf(definition.properties).map(({ name }) => name)));
    if (faults.noCapacity) {
      const reason = "Capacity is unavailable at this time. Please try again later or in a different availability zone";
      return { tasks: [], failures: [{ reason }] };
    }
    const state = {
      arn: taskArn(place, cluster.id, hex(32)),
      definition: String(definition.properties["arn"]),
      startedBy,
    };
    try {
      await tasks.run({ ...state, commands });
    } catch (error) {
      // As on AWS, where the call succeeds and the task stops.
      const stoppedReason = error instanceof Error ? error.message : String(error);
      tasks.remember({ ...state, status: "STOPPED", stopCode: "TaskFailedToStart", stoppedReason, containers: [] }, []);
    }
    return {
      tasks: [{ ...describedTask({ ...state, status: "PROVISIONING", containers: [] }, cluster.id) }],
      failures: [],
    };
  }

  function commandsOf(input: Input, names: ReadonlySet<string | undefined>): Record<string, readonly string[]> {
    const { containerOverrides = [] } = (input["overrides"] ?? {}) as { containerOverrides?: Override[] };
    const stranger = containerOverrides.find(({ name }) => !names.has(name));
    if (stranger)
      throw wrong(`Override for container named ${stranger.name ?? ""} is not a container in the TaskDefinition.`);
    return Object.fromEntries(
      containerOverrides.flatMap(({ name = "", command }) => (command ? [[name, command] as const] : [])),
    );
  }

  function checkNetwork(input: Input): void {
    const { awsvpcConfiguration } = (input["networkConfiguration"] ?? {}) as {
      awsvpcConfiguration?: { subnets?: string[]; securityGroups?: string[] };
    };
    if (!awsvpcConfiguration)
      throw wrong("Network Configuration must be provided when networkMode 'awsvpc' is specified.");
    const { subnets = [], securityGroups = [] } = awsvpcConfiguration;
    if (subnets.length === 0) throw wrong("subnets can not be empty.");
    for (const [ids, type] of [[subnets, SUBNET] as const, [securityGroups, GROUP] as const]) {
      const missing = ids.find((id) => !place.world.get(type, id));
      if (missing !== undefined) throw wrong(`Error retrieving ${missing}`);
    }
  }
}

/** A task as ECS describes it. */
const describedTask = (task: Omit<TaskState, "status"> & { readonly status: string }, cluster: string): Answer => ({
  taskArn: task.arn,
  clusterArn: cluster,
  taskDefinitionArn: task.definition,
  startedBy: task.startedBy,
  group:
    task.service === undefined ? `family:${nameIn(task.definition).split(":")[0] ?? ""}` : `service:${task.service}`,
  launchType: "FARGATE",
  lastStatus: task.status,
  desiredStatus: task.status === "STOPPED" ? "STOPPED" : "RUNNING",
  ...(task.stopCode !== undefined && { stopCode: task.stopCode, stoppedReason: task.stoppedReason }),
  containers: task.containers,
});
