import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { AwsPlace } from "../aws/clients.ts";
import type { Profile } from "../shared/profile.ts";
import { EcsRelease } from "../release/ecs-release.ts";
import { EcsService } from "./ecs-service.ts";
import {
  commandContainers,
  serviceContainers,
  type ContainerDefinition,
  type TaskParts,
} from "./container-definitions.ts";
import { TaskDefinition } from "./ecs-task-definition.ts";
import { TaskRoles } from "./task-roles.ts";

/** Days that logs are kept. */
const LOG_DAYS: Readonly<Record<Profile, number>> = { dev: 30, prod: 365 };

/** Values of `TaskParts` that are known only during a deployment. */
type Known = "images" | "nginxConf" | "htpasswd" | "env" | "secrets" | "logs";

export interface EcsHostArgs {
  readonly profile: Profile;
  readonly place: AwsPlace;
  /** Images by digest. */
  readonly images: { readonly gunicorn: pulumi.Input<string>; readonly nginx: pulumi.Input<string> };
  /** ARNs of their repositories. */
  readonly repositories: readonly pulumi.Input<string>[];
  readonly nginxConf: pulumi.Input<string>;
  /** Users of nginx's own passwords: a secret's ARN, or `arn:jsonKey`. */
  readonly htpasswd?: string;
  readonly env: Readonly<Record<string, pulumi.Input<string>>>;
  /** Variables that ECS reads at the start of a task: a secret's ARN, or `arn:jsonKey`. */
  readonly injected: Readonly<Record<string, pulumi.Input<string>>>;
  /** ARNs of secrets that the application reads itself. */
  readonly read: readonly pulumi.Input<string>[];
  /** The plain parts of a task. */
  readonly task: Omit<TaskParts, Known>;
  readonly architecture: "x86_64" | "arm64";
  readonly network: TaskNetwork;
  readonly targetGroupArn: pulumi.Input<string>;
  /** Opens the load balancer once a new version may serve, and returns its listeners. */
  readonly listen: (released: readonly pulumi.Resource[]) => readonly pulumi.Resource[];
  /** Run once for each new version before it serves; empty for none. */
  readonly releaseCommand: readonly string[];
  /** Everything that a task needs and does not name: routes, rules, versions of secrets, the database. */
  readonly ready: readonly pulumi.Resource[];
}

/** Where tasks run. */
export interface TaskNetwork {
  readonly subnetIds: readonly pulumi.Input<string>[];
  readonly securityGroupId: pulumi.Input<string>;
  readonly assignPublicIp: boolean;
}

/**
 * nginx and Gunicorn as tasks on ECS Fargate: the release command once for each new version, then the service, replaced task
 * by task, then the proof that what runs is what was asked for.
 */
export class EcsHost extends pulumi.ComponentResource {
  readonly cluster: pulumi.Output<string>;
  readonly service: pulumi.Output<string>;
  readonly logGroup: pulumi.Output<string>;
  /** ARN of the revision that serves. */
  readonly taskDefinition: pulumi.Output<string>;
  /** What a command needs to run in a task of its own. */
  readonly commandTask: Readonly<Record<string, unknown>>;

  constructor(name: string, args: EcsHostArgs, opts?: pulumi.ComponentResourceOptions) {
    super("wsgi-on-aws:index:EcsHost", name, {}, opts);
    const parent = { parent: this };
    const cluster = new aws.ecs.Cluster(
      `${name}-cluster`,
      { settings: [{ name: "containerInsights", value: args.profile === "prod" ? "enabled" : "disabled" }] },
      parent,
    );
    const logs = new aws.cloudwatch.LogGroup(`${name}-logs`, { retentionInDays: LOG_DAYS[args.profile] }, parent);
    const roles = new TaskRoles(
      `${name}-roles`,
      {
        account: args.place.account,
        repositories: args.repositories,
        logGroup: logs.arn,
        injected: [...Object.values(args.injected), ...(args.htpasswd === undefined ? [] : [args.htpasswd])].map(
          (reference) => pulumi.output(reference).apply(secretArn),
        ),
        read: args.read,
      },
      parent,
    );
    const parts = pulumi
      .all([pulumi.output(args.images), args.nginxConf, pulumi.all(args.env), pulumi.all(args.injected), logs.name])
      .apply(([images, nginxConf, env, injected, group]): TaskParts => ({
        ...args.task,
        images,
        nginxConf,
        ...(args.htpasswd !== undefined && { htpasswd: valueFrom(args.htpasswd) }),
        env,
        secrets: Object.fromEntries(Object.entries(injected).map(([key, value]) => [key, valueFrom(value)])),
        logs: { group, region: args.place.region },
      }));
    const definition = (part: string, containers: (parts: TaskParts) => ContainerDefinition[]) =>
      new TaskDefinition(
        `${name}-${part}`,
        { size: args.task.size, architecture: args.architecture, roles, containers: parts.apply(containers) },
        { parent: this },
      );
    const [serving, command] = [definition("task", serviceContainers), definition("command", commandContainers)];

    const ready = [...args.ready, ...roles.policies];
    const release = new EcsRelease(
      `${name}-release`,
      {
        place: args.place,
        cluster: cluster.arn,
        taskDefinition: command.arn,
        image: args.images.gunicorn,
        command: args.releaseCommand,
        network: args.network,
        logGroup: logs.name,
      },
      { parent: this, dependsOn: ready },
    );
    const service = new EcsService(
      `${name}-service`,
      {
        profile: args.profile,
        place: args.place,
        cluster: cluster.arn,
        taskDefinition: serving.arn,
        network: args.network,
        targetGroupArn: args.targetGroupArn,
        timeouts: args.task.timeouts,
        logGroup: logs.name,
      },
      { parent: this, dependsOn: [...ready, ...args.listen(release.done), ...release.done] },
    );

    this.cluster = cluster.name;
    this.service = service.serviceName;
    this.logGroup = logs.name;
    this.taskDefinition = serving.arn;
    this.commandTask = {
      account: args.place.account,
      cluster: cluster.arn,
      taskDefinition: command.arn,
      subnets: args.network.subnetIds,
      securityGroups: [args.network.securityGroupId],
      assignPublicIp: args.network.assignPublicIp,
      logGroup: logs.name,
    };
    this.registerOutputs({ cluster: this.cluster, service: this.service });
  }
}

/** `arn:…:secret:name-abc:key` names one key of a JSON secret; the ARN alone is what policies want. */
const secretArn = (reference: string): string => reference.split(":").slice(0, 7).join(":");

/** A secret as ECS names it: the key of a JSON secret is followed by version stage and id, both empty for the current one. */
const valueFrom = (reference: string): string => {
  const key = reference.split(":")[7];
  return key === undefined ? reference : `${secretArn(reference)}:${key}::`;
};
