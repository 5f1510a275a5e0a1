import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { allow, policy, trust } from "../aws/policies.ts";

export interface TaskRolesArgs {
  /** Account of the stack. */
  readonly account: pulumi.Input<string>;
  /** ARNs of the image repositories. */
  readonly repositories: readonly pulumi.Input<string>[];
  /** ARN of the log group. */
  readonly logGroup: pulumi.Input<string>;
  /** ARNs of the secrets that ECS puts into the environment at the start of a task. */
  readonly injected: readonly pulumi.Input<string>[];
  /** ARNs of the secrets that the application reads itself while it runs. */
  readonly read: readonly pulumi.Input<string>[];
}

/** What ECS may do to start a task, and what the application in it may do: two roles, neither wider than its use. */
export class TaskRoles extends pulumi.ComponentResource {
  /** ARN of the role by which ECS pulls images, writes logs and reads secrets. */
  readonly execution: pulumi.Output<string>;
  /** ARN of the role of the application. */
  readonly task: pulumi.Output<string>;
  /** Put these into `dependsOn` of what runs tasks: a role works only once it has its policy. */
  readonly policies: readonly pulumi.Resource[];

  constructor(name: string, args: TaskRolesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("wsgi-on-aws:index:TaskRoles", name, {}, opts);
    const parent = { parent: this };
    const role = (part: string) =>
      new aws.iam.Role(
        `${name}-${part}`,
        { assumeRolePolicy: pulumi.output(args.account).apply((account) => trust("ecs-tasks.amazonaws.com", account)) },
        parent,
      );
    const [execution, task] = [role("execution"), role("task")];

    const starting = pulumi
      .all([pulumi.all([...args.repositories]), args.logGroup, pulumi.all([...args.injected])])
      .apply(([repositories, logGroup, secrets]) =>
        policy(
          allow(["ecr:GetAuthorizationToken"], ["*"]), // of the whole registry: AWS knows no narrower resource
          allow(["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"], repositories),
          allow(["logs:CreateLogStream", "logs:PutLogEvents"], [`${logGroup}:*`]),
          ...readSecrets(secrets),
        ),
      );
    const policies: pulumi.Resource[] = [
      new aws.iam.RolePolicy(`${name}-execution-policy`, { role: execution.name, policy: starting }, parent),
    ];
    if (args.read.length > 0) {
      const reading = pulumi.all([...args.read]).apply((secrets) => policy(...readSecrets(secrets)));
      policies.push(new aws.iam.RolePolicy(`${name}-task-policy`, { role: task.name, policy: reading }, parent));
    }
    this.execution = execution.arn;
    this.task = task.arn;
    this.policies = policies;
    this.registerOutputs({ execution: this.execution, task: this.task });
  }
}

const readSecrets = (arns: readonly string[]) =>
  arns.length > 0 ? [allow(["secretsmanager:GetSecretValue"], [...new Set(arns)].sort())] : [];
