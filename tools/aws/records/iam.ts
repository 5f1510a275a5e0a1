import { alphanumeric, globalArn } from "../ids.ts";
import { finding, text, type Finding, type Records } from "../record.ts";
import type { Properties } from "../world.ts";

export const ROLE = "aws:iam/role:Role";
const STATEMENT_KEYS = [
  "Sid",
  "Effect",
  "Action",
  "NotAction",
  "Resource",
  "NotResource",
  "Condition",
  "Principal",
  "NotPrincipal",
];
const MOST = { policy: 10_240, assumeRolePolicy: 2048 } as const;

/** IAM's grammar, as far as AWS judges it before anything is allowed or denied. */
export const policyDocument =
  (property: string, kind: "identity" | "trust" | "resource", code = "MalformedPolicyDocument", most = 20_480) =>
  (inputs: Properties): Finding => {
    const document = text(inputs, property);
    if (document === undefined) return undefined;
    const wrong = (what: string) => finding(property, `${code}: ${what}`);
    let parsed: { Version?: string; Statement?: Properties | Properties[] };
    try {
      parsed = JSON.parse(document) as typeof parsed;
    } catch {
      return wrong("Syntax errors in policy.");
    }
    if (document.length > most)
      return finding(property, `LimitExceeded: Maximum policy size of ${most} bytes exceeded`);
    if (parsed.Version !== "2012-10-17" && parsed.Version !== "2008-10-17")
      return wrong("The policy must contain a valid version string");
    const statements = [parsed.Statement ?? []].flat();
    if (statements.length === 0) return wrong("Syntax errors in policy: no statement");
    for (const statement of statements) {
      const unknown = Object.keys(statement).find((key) => !STATEMENT_KEYS.includes(key));
      if (unknown !== undefined) return wrong(`Syntax errors in policy: ${unknown}`);
      if (statement["Effect"] !== "Allow" && statement["Effect"] !== "Deny")
        return wrong("Missing required field Effect");
      if ("Action" in statement === "NotAction" in statement) return wrong("Policy statement must contain actions.");
      for (const action of [statement["Action"] ?? []].flat() as string[]) {
        if (action !== "*" && !/^[a-z0-9-]+:[A-Za-z0-9*?]+$/.test(action))
          return wrong(`Actions/Conditions must be prefaced by a vendor: ${action}`);
      }
      const hasResource = "Resource" in statement || "NotResource" in statement;
      const hasPrincipal = "Principal" in statement || "NotPrincipal" in statement;
      if (kind === "trust" ? hasResource : !hasResource)
        return wrong(kind === "trust" ? "Has prohibited field Resource" : "Policy statement must contain resources.");
      if (kind === "identity" ? hasPrincipal : !hasPrincipal)
        return wrong(
          kind === "identity" ? "Policy document should not specify a principal." : "Missing required field Principal",
        );
      for (const resource of [statement["Resource"] ?? []].flat() as string[]) {
        if (resource !== "*" && !resource.startsWith("arn:"))
          return wrong(`Resource ${resource} must be in ARN format or "*".`);
      }
    }
    return undefined;
  };

export const ROLES: Records = {
  [ROLE]: {
    autoname: ["name", 64],
    id: ({ name }) => String(name),
    outputs: ({ name }, _, place) => ({
      arn: globalArn(place, "iam", `role/${String(name)}`),
      uniqueId: `AROA${alphanumeric(17)}`,
    }),
    immutable: ["path"],
    inUse: "DeleteConflict",
    checks: [policyDocument("assumeRolePolicy", "trust", "MalformedPolicyDocument", MOST.assumeRolePolicy)],
  },
  "aws:iam/rolePolicy:RolePolicy": {
    autoname: ["name", 128],
    id: ({ role, name }) => `${String(role)}:${String(name)}`,
    immutable: ["role"],
    references: [{ path: "role", type: ROLE, code: "NoSuchEntity" }],
    checks: [policyDocument("policy", "identity", "MalformedPolicyDocument", MOST.policy)],
  },
};
