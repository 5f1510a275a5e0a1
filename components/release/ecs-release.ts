import * as pulumi from "@pulumi/pulumi";
import { awsClients, type AwsPlace } from "../aws/clients.ts";
import type { TaskNetwork } from "../host/ecs-host.ts";
import { Gate } from "./gate.ts";
import { runTaskOnce } from "./ecs-run-once.ts";

export interface EcsReleaseArgs {
  readonly place: AwsPlace;
  /** ARN of the cluster. */
  readonly cluster: pulumi.Input<string>;
  /** ARN of the task definition of the application alone. */
  readonly taskDefinition: pulumi.Input<string>;
  /** Image of the application, by digest. */
  readonly image: pulumi.Input<string>;
  /** The release command; empty for none. */
  readonly command: readonly string[];
  readonly network: TaskNetwork;
  readonly logGroup: pulumi.Input<string>;
}

/** What happens once for each new version before it serves: its release command, as a task of its own. */
export class EcsRelease extends pulumi.ComponentResource {
  /** Put these into `dependsOn` of what runs the new version. */
  readonly done: readonly pulumi.Resource[];

  constructor(name: string, args: EcsReleaseArgs, opts?: pulumi.ComponentResourceOptions) {
    super("wsgi-on-aws:index:EcsRelease", name, {}, opts);
    const { network } = args;
    this.done =
      args.command.length === 0
        ? []
        : [
            new Gate(
              `${name}-migrated`,
              {
                for: { image: args.image, command: args.command },
                using: {
                  cluster: args.cluster,
                  taskDefinition: args.taskDefinition,
                  subnets: [...network.subnetIds],
                  securityGroup: network.securityGroupId,
                  logGroup: args.logGroup,
                  account: args.place.account,
                },
                act: async ({ values, using, say }) => {
                  const clients = await awsClients({ ...args.place, account: using.account });
                  await runTaskOnce({
                    clients,
                    cluster: using.cluster,
                    taskDefinition: using.taskDefinition,
                    image: values.image,
                    command: values.command,
                    network: {
                      subnets: using.subnets,
                      securityGroups: [using.securityGroup],
                      assignPublicIp: network.assignPublicIp,
                    },
                    logGroup: using.logGroup,
                    say,
                  });
                },
              },
              { parent: this },
            ),
          ];
    this.registerOutputs({ command: [...args.command] });
  }
}
