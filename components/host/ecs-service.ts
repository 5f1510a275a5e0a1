import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { awsClients, type AwsPlace } from "../aws/clients.ts";
import { NGINX_PORT } from "../edge/nginx-container.ts";
import type { EcsTimeouts } from "../edge/rollout.ts";
import { makeLive } from "../release/ecs-live.ts";
import { Gate } from "../release/gate.ts";
import type { Profile } from "../shared/profile.ts";
import type { TaskNetwork } from "./ecs-host.ts";

export interface EcsServiceArgs {
  readonly profile: Profile;
  readonly place: AwsPlace;
  /** ARN of the cluster. */
  readonly cluster: pulumi.Input<string>;
  /** ARN of the revision that is to run. */
  readonly taskDefinition: pulumi.Input<string>;
  readonly network: TaskNetwork;
  readonly targetGroupArn: pulumi.Input<string>;
  readonly timeouts: EcsTimeouts;
  readonly logGroup: pulumi.Input<string>;
}

/**
 * The tasks behind the load balancer, and the gate that makes true what was asked for. The provider's own wait is off: it
 * reports success for a rollout that ECS has rolled back (pulumi/pulumi-aws#4487).
 */
export class EcsService extends pulumi.ComponentResource {
  readonly serviceName: pulumi.Output<string>;
  /** Put this into `dependsOn` of what needs the new version to serve. */
  readonly live: pulumi.Resource;

  constructor(name: string, args: EcsServiceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("wsgi-on-aws:index:EcsService", name, {}, opts);
    const { rollout, loadBalancer, stop } = args.timeouts;
    const { network } = args;
    const service = new aws.ecs.Service(
      `${name}-tasks`,
      {
        cluster: args.cluster,
        taskDefinition: args.taskDefinition,
        launchType: "FARGATE",
        desiredCount: rollout.desired,
        deploymentMinimumHealthyPercent: rollout.minimumPercent,
        deploymentMaximumPercent: rollout.maximumPercent,
        deploymentCircuitBreaker: { enable: true, rollback: true },
        healthCheckGracePeriodSeconds: rollout.grace,
        networkConfiguration: {
          subnets: [...network.subnetIds],
          securityGroups: [network.securityGroupId],
          assignPublicIp: network.assignPublicIp,
        },
        loadBalancers: [{ targetGroupArn: args.targetGroupArn, containerName: "nginx", containerPort: NGINX_PORT }],
        enableExecuteCommand: false,
        propagateTags: "SERVICE",
        waitForSteadyState: false,
        forceDelete: args.profile === "dev",
      },
      {
        parent: this,
        // Tasks drain and stop before the service is gone (hashicorp/terraform-provider-aws#17548).
        customTimeouts: { delete: `${loadBalancer.deregistration + stop.nginx + stop.gunicorn + 600}s` },
      },
    );
    this.live = new Gate(
      `${name}-live`,
      {
        for: { service: service.id, revision: args.taskDefinition },
        using: { cluster: args.cluster, service: service.name, logGroup: args.logGroup, account: args.place.account },
        act: async ({ values, using, say }) => {
          const clients = await awsClients({ ...args.place, account: using.account });
          await makeLive({
            clients,
            cluster: using.cluster,
            service: using.service,
            taskDefinition: values.revision,
            logGroup: using.logGroup,
            deadlineSeconds: rollout.deadline,
            say,
          });
        },
      },
      { parent: this },
    );
    this.serviceName = service.name;
    this.registerOutputs({ serviceName: this.serviceName });
  }
}
