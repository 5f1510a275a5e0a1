import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { AwsPlace } from "./clients.ts";

export interface AccountArgs {
  readonly region: string;
  /** Profile of the AWS configuration on this machine. Default: what the environment says. */
  readonly profile?: string;
}

/** Where a stack stands in AWS. Its provider marks everything with project and stack, so that people find it, and its bill. */
export class Account extends pulumi.ComponentResource {
  /** Give this to every component on AWS. */
  readonly provider: pulumi.ProviderResource;
  /** The same account for the calls that the gates make themselves. */
  readonly place: AwsPlace;

  constructor(name: string, { region, profile }: AccountArgs, opts?: pulumi.ComponentResourceOptions) {
    super("wsgi-on-aws:index:Account", name, {}, opts);
    const provider = new aws.Provider(
      `${name}-provider`,
      {
        region: region as aws.Region,
        ...(profile !== undefined && { profile }),
        defaultTags: { tags: { Project: pulumi.getProject(), Stack: pulumi.getStack() } },
      },
      { parent: this },
    );
    const account = aws.getCallerIdentityOutput({}, { parent: this, provider }).accountId;
    this.provider = provider;
    this.place = { region, account, ...(profile !== undefined && { profile }) };
    this.registerOutputs({ account, region });
  }
}
