import { isDeepStrictEqual } from "node:util";
import { hex } from "../ids.ts";
import { asText, type Place } from "../record.ts";
import { CLUSTER, DEFINITION } from "../records/ecs.ts";
import { SUBNET } from "../records/ec2.ts";
import { GROUP } from "../records/security-groups.ts";
import { AwsError, type Answer, type Faults, type Handler, type Input } from "./handler.ts";
import { findService, Rollouts } from "./rollout.ts";
import type { Tasks, TaskState } from "./tasks.ts";

interface Override {
  readonly name?: string;
  readonly command?: readonly string[];
}

/** ECS, as far as deployments and one-off tasks use it. */
export function ecs(place: Place, tasks: Tasks, faults: Faults): Handler {
  const { world } = place;
  const rollouts = new Rollouts(place, tasks, faults);
  /** What was started with a client token: the same call again starts nothing. */
  const tokens = new Map<string, { readonly input: Input; readonly answer: Answer }>();

  const inCluster = (cluster: unknown): string => {
    const name = String(cluster).split("/").at(-1) ?? "";
    if (!world.all(CLUSTER).some(({ id }) => id.endsWith(`/${name}`)))
      throw new AwsError("ClusterNotFoundException", "Cluster not found.");
    return name;
  };
  const serviceOf = (input: Input) => {
    inCluster(input["cluster"]);
    const found = findService(place, input["cluster"], input["service"]);
    if (!found) throw new AwsError("ServiceNotFoundException", "Service not found.");
    return found;
  };

  return {
    DescribeServices: (input) => {
      inCluster(input["cluster"]);
      const names = (input["services"] ?? []) as string[];
      const found = names.map((name) => [name, findService(place, input["cluster"], name)] as const);
      return {
        services: found.flatMap(([, service]) => (service ? [rollouts.describe(service)] : [])),
        failures: found.flatMap(([name, service]) => (service ? [] : [{ arn: name, reason: "MISSING" }])),
      };
    },
    UpdateService: (input) => {
      const service = serviceOf(input);
      const wanted = String(input["taskDefinition"] ?? service.properties["taskDefinition"]);
      if (!world.get(DEFINITION, wanted)) throw new AwsError("ClientException", "Unable to describe task definition.");
      const changed = { ...service, properties: { ...service.properties, taskDefinition: wanted } };
      world.put(changed);
      if (wanted !== service.properties["taskDefinition"] || input["forceNewDeployment"] === true)
        rollouts.begin(changed);
      return { service: rollouts.describe(changed) };
    },
    ListServiceDeployments: (input) => {
      const attempts = rollouts.attempts(serviceOf(input));
      return { serviceDeployments: attempts.slice(0, Number(input["maxResults"] ?? 20)) };
    },
    ListTasks: async (input) => {
      inCluster(input["cluster"]);
      const { desiredStatus = "RUNNING", startedBy, serviceName, family } = input;
      const familyOf = ({ definition }: TaskState) => definition.split("/").at(-1)?.split(":")[0];
      const found = (await tasks.all())
        .filter(({ status }) => (status === "STOPPED") === (desiredStatus === "STOPPED"))
        .filter((task) => startedBy === undefined || task.startedBy === startedBy)
        .filter((task) => serviceName === undefined || task.service === serviceName)
        .filter((task) => family === undefined || familyOf(task) === family);
      return { taskArns: found.map(({ arn }) => arn) };
    },
    DescribeTasks: async (input) => {
      inCluster(input["cluster"]);
      const wanted = (input["tasks"] ?? []) as string[];
      if (wanted.length === 0) throw new AwsError("InvalidParameterException", "Tasks cannot be empty.");
      const all = await tasks.all();
      return {
        tasks: all.filter(({ arn }) => wanted.includes(arn)).map(described),
        failures: wanted
          .filter((arn) => !all.some((task) => task.arn === arn))
          .map((arn) => ({ arn, reason: "MISSING" })),
      };
    },
    RunTask: async (input) => {
      const { clientToken, ...rest } = input;
      const before = tokens.get(asText(clientToken));
      if (clientToken !== undefined && before) {
        if (isDeepStrictEqual(before.input, rest)) return before.answer;
        throw new AwsError("ConflictException", "The client token was used with other parameters.");
      }
      const answer = await runTask(rest);
      if (clientToken !== undefined) tokens.set(asText(clientToken), { input: rest, answer });
      return answer;
    },
    StopTask: async ({ task }) => {
      await tasks.stop(String(task));
      return {};
    },
  };

  async function runTask(input: Input): Promise<Answer> {
    const cluster = inCluster(input["cluster"]);
    const definition = String(input["taskDefinition"]);
    if (!world.get(DEFINITION, definition)) throw new AwsError("ClientException", "TaskDefinition not found.");
    checkNetwork(input);
    const { containerOverrides = [] } = (input["overrides"] ?? {}) as { containerOverrides?: Override[] };
    const commands = containerOverrides.flatMap(({ name = "", command }) =>
      command ? [[name, command] as const] : [],
    );
    const arn = `arn:aws:ecs:${place.region}:${place.account}:task/${cluster}/${hex(32)}`;
    const startedBy = asText(input["startedBy"] ?? "");
    await tasks.run({ arn, definition, startedBy, commands: Object.fromEntries(commands) });
    return {
      tasks: [{ taskArn: arn, lastStatus: "PROVISIONING", taskDefinitionArn: definition, startedBy }],
      failures: [],
    };
  }

  function checkNetwork(input: Input): void {
    const { awsvpcConfiguration } = (input["networkConfiguration"] ?? {}) as {
      awsvpcConfiguration?: { subnets?: string[]; securityGroups?: string[] };
    };
    if (!awsvpcConfiguration) {
      throw new AwsError(
        "InvalidParameterException",
        "Network Configuration must be provided when networkMode 'awsvpc' is specified.",
      );
    }
    const { subnets = [], securityGroups = [] } = awsvpcConfiguration;
    for (const [ids, type] of [[subnets, SUBNET] as const, [securityGroups, GROUP] as const]) {
      const missing = ids.find((id) => !world.get(type, id));
      if (missing !== undefined) throw new AwsError("InvalidParameterException", `Error retrieving ${missing}`);
    }
  }
}

const described = (task: TaskState) => ({
  taskArn: task.arn,
  taskDefinitionArn: task.definition,
  startedBy: task.startedBy,
  lastStatus: task.status,
  ...(task.stopCode !== undefined && { stopCode: task.stopCode, stoppedReason: task.stoppedReason }),
  containers: task.containers,
});
