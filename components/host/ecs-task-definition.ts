import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { VOLUME_NAMES, type ContainerDefinition } from "./container-definitions.ts";
import type { TaskRoles } from "./task-roles.ts";
import type { TaskSize } from "./task-size.ts";

export interface TaskDefinitionArgs {
  readonly size: TaskSize;
  readonly architecture: "x86_64" | "arm64";
  readonly roles: TaskRoles;
  readonly containers: pulumi.Output<ContainerDefinition[]>;
}

/** A family of task definitions. Revisions stay when they are replaced: a rollback has to find the one that went before. */
export class TaskDefinition extends pulumi.ComponentResource {
  /** ARN of the revision. */
  readonly arn: pulumi.Output<string>;

  constructor(name: string, args: TaskDefinitionArgs, opts?: pulumi.ComponentResourceOptions) {
    super("wsgi-on-aws:index:TaskDefinition", name, {}, opts);
    const definition = new aws.ecs.TaskDefinition(
      `${name}-definition`,
      {
        family: `${pulumi.getProject()}-${pulumi.getStack()}-${name}`,
        requiresCompatibilities: ["FARGATE"],
        networkMode: "awsvpc",
        cpu: String(args.size.cpu),
        memory: String(args.size.memoryMiB),
        runtimePlatform: {
          operatingSystemFamily: "LINUX",
          cpuArchitecture: args.architecture === "arm64" ? "ARM64" : "X86_64",
        },
        executionRoleArn: args.roles.execution,
        taskRoleArn: args.roles.task,
        volumes: args.containers.apply((containers) => usedVolumes(containers)),
        containerDefinitions: args.containers.apply((containers) => JSON.stringify(containers)),
        skipDestroy: true,
      },
      { parent: this },
    );
    this.arn = definition.arn;
    this.registerOutputs({ arn: this.arn });
  }
}

function usedVolumes(containers: readonly ContainerDefinition[]): { name: string }[] {
  const used = new Set(containers.flatMap(({ mountPoints }) => mountPoints.map(({ sourceVolume }) => sourceVolume)));
  return VOLUME_NAMES.filter((volume) => used.has(volume)).map((volume) => ({ name: volume }));
}
