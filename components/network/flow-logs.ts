import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { allow, policy, trust } from "../aws/policies.ts";

const KEPT_DAYS = 365;

export interface FlowLogsArgs {
  readonly vpcId: pulumi.Input<string>;
  readonly account: pulumi.Input<string>;
}

/** Who spoke to whom inside a VPC, kept for a year. */
export class FlowLogs extends pulumi.ComponentResource {
  constructor(name: string, args: FlowLogsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("wsgi-on-aws:index:FlowLogs", name, {}, opts);
    const parent = { parent: this };
    const logs = new aws.cloudwatch.LogGroup(`${name}-logs`, { retentionInDays: KEPT_DAYS }, parent);
    const role = new aws.iam.Role(
      `${name}-role`,
      {
        assumeRolePolicy: pulumi.output(args.account).apply((account) => trust("vpc-flow-logs.amazonaws.com", account)),
      },
      parent,
    );
    const writing = new aws.iam.RolePolicy(
      `${name}-policy`,
      {
        role: role.name,
        policy: logs.arn.apply((arn) =>
          policy(allow(["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"], [arn, `${arn}:*`])),
        ),
      },
      parent,
    );
    new aws.ec2.FlowLog(
      `${name}-log`,
      {
        vpcId: args.vpcId,
        trafficType: "ALL",
        logDestinationType: "cloud-watch-logs",
        logDestination: logs.arn,
        iamRoleArn: role.arn,
        maxAggregationInterval: 600,
      },
      { ...parent, dependsOn: [writing] },
    );
    this.registerOutputs({ logGroup: logs.name });
  }
}
