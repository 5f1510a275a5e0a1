import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ContainerDefinition } from "../../components/host/container-definitions.ts";
import { planOf, type Plan } from "./planned.ts";

const USERS = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:users-AbCdEf";
const AUTH = { "/": { auth: true } };

const inputsOf = (plan: Plan, name: string) => plan.resources.find((resource) => resource.name === name)?.inputs ?? {};
const gates = ({ resources }: Plan) =>
  resources.filter(({ type }) => type === "pulumi:index:Stash").map(({ name }) => name);

describe("nginx's own passwords and certificate", () => {
  it("are files on docker, which no state shows, before nginx.conf names them", () => {
    const users = "alice:$apr1$abcdefgh$0123456789abcdefghijkl";
    const set = { htpasswd: "env:STAGING_USERS", paths: AUTH, tls: "self-signed" };
    const plan = planOf(set, { STAGING_USERS: users });
    assert.ok(gates(plan).includes("edge-secrets-users") && gates(plan).includes("edge-secrets-certificate"));
    assert.ok(!JSON.stringify(plan).includes(users));
    assert.deepEqual(
      gates(planOf()).filter((name) => name.startsWith("edge-secrets")),
      [],
    );
  });

  it("are a secret on ecs, which one container gets and the role of the task's start may read", () => {
    const plan = planOf({ htpasswd: `${USERS}:lines`, paths: AUTH }, {}, "prod");
    const definitions = inputsOf(plan, "host-task-definition")["containerDefinitions"];
    const containers = JSON.parse(String(definitions)) as ContainerDefinition[];
    const secrets = containers.flatMap(({ name, secrets: all }) =>
      all.map((secret) => [name, secret.name, secret.valueFrom]),
    );
    assert.deepEqual(
      secrets.filter(([, secret]) => secret === "HTPASSWD"),
      [["nginx-conf", "HTPASSWD", `${USERS}:lines::`]],
    );
    assert.match(JSON.stringify(inputsOf(plan, "host-roles-execution-policy")), new RegExp(USERS));
  });
});

describe("the load balancer", () => {
  it("shares visitors as the settings say", () => {
    const method = (set: Readonly<Record<string, unknown>>) =>
      inputsOf(planOf(set, {}, "prod"), "edge-tg")["loadBalancingAlgorithmType"];
    assert.equal(method({}), "least_outstanding_requests");
    assert.equal(method({ balancing: { method: "round-robin" } }), "round_robin");
  });
});
