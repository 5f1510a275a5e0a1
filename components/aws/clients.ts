import type { ACMClient } from "@aws-sdk/client-acm";
import type { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import type { ECSClient } from "@aws-sdk/client-ecs";
import type * as pulumi from "@pulumi/pulumi";
import { ActFailed } from "../release/act-failed.ts";

/** Where a stack stands: what the Pulumi provider uses, and the gates' own calls with it. */
export interface AwsPlace {
  readonly region: string;
  /** Profile of the AWS configuration on this machine. Default: what the environment says. */
  readonly profile?: string;
  /** Account of the Pulumi provider. */
  readonly account: pulumi.Input<string>;
}

/** Clients of AWS for the acts of a deployment. */
export interface Clients {
  readonly acm: ACMClient;
  readonly ecs: ECSClient;
  readonly logs: CloudWatchLogsClient;
}

/** A rollout asks every few seconds for many minutes: a throttled call is tried again for about a minute. */
const ATTEMPTS = 8;

const known = new Map<string, Promise<Clients>>();

/**
 * The one place where clients are made; nothing but an act calls it, so no preview loads an SDK.
 * @throws ActFailed when their credentials belong to another account than the Pulumi provider's
 */
export function awsClients(place: AwsPlace & { readonly account: string }): Promise<Clients> {
  const key = JSON.stringify([place.region, place.profile, place.account]);
  const made = known.get(key) ?? make(place);
  known.set(key, made);
  return made;
}

async function make({ region, profile, account }: AwsPlace & { readonly account: string }): Promise<Clients> {
  const [{ ACMClient }, { CloudWatchLogsClient }, { ECSClient }, sts] = await Promise.all([
    import("@aws-sdk/client-acm"),
    import("@aws-sdk/client-cloudwatch-logs"),
    import("@aws-sdk/client-ecs"),
    import("@aws-sdk/client-sts"),
  ]);
  const options = { region, maxAttempts: ATTEMPTS, ...(profile !== undefined && { profile }) };
  const identity = new sts.STSClient(options);
  const { Account: found } = await explained("asking whose credentials these are", () =>
    identity.send(new sts.GetCallerIdentityCommand({})),
  );
  if (found !== account) {
    throw new ActFailed(
      `The credentials of this shell belong to the account ${found ?? "unknown"}, those of the Pulumi provider to ${account}; nothing was done. ` +
        "Use the same ones for both: set AWS_PROFILE, or aws:profile in the stack's file.",
    );
  }
  return { acm: new ACMClient(options), ecs: new ECSClient(options), logs: new CloudWatchLogsClient(options) };
}

/** What usually helps, by the name of AWS's error. */
const HINTS: readonly (readonly [RegExp, string])[] = [
  [
    /^(ExpiredToken(Exception)?|UnrecognizedClientException|InvalidClientTokenId|CredentialsProviderError|TokenProviderError)$/,
    "Your AWS credentials are missing or have expired: run aws sso login, or renew them, then run pulumi up again.",
  ],
  [
    /^(ThrottlingException|Throttling|TooManyRequestsException)$/,
    "AWS kept refusing for too many calls; run pulumi up again in a minute.",
  ],
  [/^AccessDenied(Exception)?$/, "Your AWS user or role may not do this; the message names the permission."],
  [
    /^(ClusterNotFoundException|ServiceNotFoundException)$/,
    "It was deleted outside of Pulumi: run pulumi refresh, then pulumi up.",
  ],
  [
    /^(ENOTFOUND|ECONNREFUSED|EAI_AGAIN|ETIMEDOUT|TimeoutError)$/,
    "AWS cannot be reached from here: check the network and the region.",
  ],
];

/**
 * Does something with AWS; an error of AWS becomes one sentence that says what was tried and what helps, before AWS's own.
 * @throws ActFailed
 */
export async function explained<T>(what: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof ActFailed || !(error instanceof Error)) throw error;
    const names = [error.name, "code" in error ? String(error.code) : ""];
    const hint = HINTS.find(([pattern]) => names.some((name) => pattern.test(name)))?.[1] ?? "";
    throw new ActFailed(`AWS refused while ${what}. ${hint}`.trimEnd(), `${error.name}: ${error.message}`);
  }
}
