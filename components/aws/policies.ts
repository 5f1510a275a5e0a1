/** One statement of an IAM policy; resources are ARNs, never `*` where AWS allows less. */
export interface Statement {
  readonly Effect: "Allow" | "Deny";
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

const VERSION = "2012-10-17";

export const policy = (...statements: readonly Statement[]): string =>
  JSON.stringify({ Version: VERSION, Statement: statements });

/**
 * Lets one service of AWS take a role, for resources of this account only (the confused deputy problem:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html).
 */
export const trust = (service: "ecs-tasks.amazonaws.com" | "vpc-flow-logs.amazonaws.com", account: string): string =>
  JSON.stringify({
    Version: VERSION,
    Statement: [
      {
        Effect: "Allow",
        Principal: { Service: service },
        Action: "sts:AssumeRole",
        Condition: { StringEquals: { "aws:SourceAccount": account } },
      },
    ],
  });

export const allow = (actions: readonly string[], resources: readonly string[]): Statement => ({
  Effect: "Allow",
  Action: actions,
  Resource: resources,
});
