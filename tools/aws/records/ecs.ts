import { fargateMemory } from "../../../components/host/fargate.ts";
import { arn } from "../ids.ts";
import {
  between,
  finding,
  matches,
  number,
  oneOf,
  text,
  valuesAt,
  type Finding,
  type Place,
  type Records,
} from "../record.ts";
import type { Properties } from "../world.ts";
import { containerDefinitions, containersOf } from "./container-checks.ts";
import { SUBNET } from "./ec2.ts";
import { LISTENER, TARGETS } from "./elb.ts";
import { ROLE } from "./iam.ts";
import { LOG_GROUP } from "./logs.ts";
import { SECRET } from "./secrets-manager.ts";
import { GROUP } from "./security-groups.ts";

export const CLUSTER = "aws:ecs/cluster:Cluster";
export const DEFINITION = "aws:ecs/taskDefinition:TaskDefinition";
export const SERVICE = "aws:ecs/service:Service";

function fargateSize(inputs: Properties): Finding {
  const [cpu, memory] = [number(inputs, "cpu"), number(inputs, "memory")];
  if (!valuesAt(inputs, "requiresCompatibilities").includes("FARGATE")) return undefined;
  if (text(inputs, "networkMode") !== "awsvpc")
    return finding("networkMode", "ClientException: Fargate only supports network mode 'awsvpc'.");
  if (cpu === undefined || memory === undefined) return undefined;
  return fargateMemory(cpu / 1024).includes(memory)
    ? undefined
    : finding(
        "memory",
        `ClientException: No Fargate configuration exists for given values: ${cpu} CPU, ${memory} memory.`,
      );
}

/** What ECS finds only when a task starts: silent in `pulumi up`, so the strict AWS says it when the definition is made. */
function startable(inputs: Properties, { world, seed }: Place): Finding {
  const groups = new Set(world.all(LOG_GROUP).map(({ id }) => id));
  const secrets = [...world.all(SECRET).map(({ id }) => id), ...(seed.secrets ?? []).map(({ arn: known }) => known)];
  for (const { name = "", logConfiguration, secrets: wanted = [] } of containersOf(inputs)) {
    const group = logConfiguration?.options?.["awslogs-group"];
    if (group !== undefined && !groups.has(group)) {
      return finding(
        "containerDefinitions",
        `ResourceInitializationError: ${name}: The specified log group does not exist: ${group}`,
      );
    }
    const missing = wanted.find(
      ({ valueFrom = "" }) => !secrets.some((known) => valueFrom === known || valueFrom.startsWith(`${known}:`)),
    );
    if (missing) {
      return finding(
        "containerDefinitions",
        `ResourceInitializationError: ${name}: unable to retrieve secret from asm: ${missing.valueFrom ?? ""}`,
      );
    }
  }
  return undefined;
}

const byArn = (path: string, type: string, code: string) => ({ path, type, by: "arn", code });

/** The load balancer's target: a container and port of the task definition, and a group that a listener knows. */
function target(inputs: Properties, { world }: Place): Finding {
  const definition = world.get(DEFINITION, String(inputs["taskDefinition"]));
  for (const balancer of (inputs["loadBalancers"] ?? []) as Properties[]) {
    const container =
      definition && containersOf(definition.properties).find(({ name }) => name === balancer["containerName"]);
    if (!container?.portMappings?.some(({ containerPort }) => containerPort === balancer["containerPort"])) {
      return finding(
        "loadBalancers",
        `InvalidParameterException: The container ${String(balancer["containerName"])} did not have a container port ${String(balancer["containerPort"])} defined.`,
      );
    }
    const group = String(balancer["targetGroupArn"]);
    if (world.get(TARGETS, group)?.properties["targetType"] !== "ip") {
      return finding(
        "loadBalancers",
        `InvalidParameterException: The provided target group ${group} has target type instance, which is incompatible with the awsvpc network mode`,
      );
    }
    if (
      !world
        .all(LISTENER)
        .some(({ properties }) => valuesAt(properties, "defaultActions.targetGroupArn").includes(group))
    ) {
      return finding(
        "loadBalancers",
        `InvalidParameterException: The target group with targetGroupArn ${group} does not have an associated load balancer.`,
      );
    }
  }
  return undefined;
}

export const TASKS: Records = {
  [CLUSTER]: {
    autoname: ["name", 255],
    id: ({ name }, place) => arn(place, "ecs", `cluster/${String(name)}`),
    outputs: (_, id) => ({ arn: id }),
    inUse: "ClusterContainsServicesException",
    checks: [
      matches("name", /^[A-Za-z0-9_-]{1,255}$/, "InvalidParameterException: cluster name"),
      oneOf("settings.name", ["containerInsights"], "InvalidParameterException"),
      oneOf("settings.value", ["enabled", "disabled", "enhanced"], "InvalidParameterException"),
    ],
  },
  [DEFINITION]: {
    id: ({ family }) => String(family),
    key: "arn",
    outputs: ({ family }, id, place) => {
      const revisions = place.world.all(DEFINITION).filter((each) => each.id === id);
      const revision = 1 + Math.max(0, ...revisions.map(({ properties }) => Number(properties["revision"])));
      const withoutRevision = arn(place, "ecs", `task-definition/${String(family)}`);
      return { arn: `${withoutRevision}:${revision}`, arnWithoutRevision: withoutRevision, revision };
    },
    immutable: "*",
    references: [byArn("executionRoleArn", ROLE, "ClientException"), byArn("taskRoleArn", ROLE, "ClientException")],
    checks: [matches("family", /^[A-Za-z0-9_-]{1,255}$/, "ClientException: family"), fargateSize, containerDefinitions],
    cross: [startable],
    remains: ({ properties }) => (properties["skipDestroy"] === true ? properties : undefined),
  },
  [SERVICE]: {
    autoname: ["name", 255],
    id: ({ name, cluster }, place) =>
      arn(place, "ecs", `service/${String(cluster).split("/").at(-1) ?? ""}/${String(name)}`),
    outputs: (_, id) => ({ arn: id }),
    immutable: ["cluster", "launchType", "schedulingStrategy"],
    references: [
      { path: "cluster", type: CLUSTER, code: "ClusterNotFoundException" },
      byArn("taskDefinition", DEFINITION, "ClientException"),
      byArn("loadBalancers.targetGroupArn", TARGETS, "InvalidParameterException"),
      { path: "networkConfiguration.subnets", type: SUBNET, code: "InvalidParameterException" },
      { path: "networkConfiguration.securityGroups", type: GROUP, code: "InvalidParameterException" },
    ],
    checks: [
      matches("name", /^[A-Za-z0-9_-]{1,255}$/, "InvalidParameterException: service name"),
      between("desiredCount", 0, 5000, "InvalidParameterException"),
      between("healthCheckGracePeriodSeconds", 0, 2_147_483_647, "InvalidParameterException"),
      ({ waitForSteadyState }) =>
        waitForSteadyState === true
          ? finding("waitForSteadyState", "the in-memory AWS does not wait: the gate `live` does")
          : undefined,
      (inputs) =>
        text(inputs, "launchType") === "FARGATE" && inputs["networkConfiguration"] === undefined
          ? finding(
              "networkConfiguration",
              "InvalidParameterException: Network Configuration must be provided when networkMode 'awsvpc' is specified.",
            )
          : undefined,
      (inputs) => {
        const [least, most] = [
          number(inputs, "deploymentMinimumHealthyPercent"),
          number(inputs, "deploymentMaximumPercent"),
        ];
        return least !== undefined && most !== undefined && most <= least && most <= 100
          ? finding(
              "deploymentMaximumPercent",
              "InvalidParameterException: Both maximumPercent and minimumHealthyPercent cannot be 100",
            )
          : undefined;
      },
    ],
    cross: [target],
  },
};
