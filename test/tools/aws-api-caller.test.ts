/** Who may call the server, in both of its protocols. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { DescribeServicesCommand } from "@aws-sdk/client-ecs";
import { GetCallerIdentityCommand, GetSessionTokenCommand } from "@aws-sdk/client-sts";
import { openShop, type Api } from "./aws-api.ts";

const services = ({ ecs }: Api) => ecs.send(new DescribeServicesCommand({ cluster: "shop", services: ["web"] }));
const identity = ({ sts }: Api) => sts.send(new GetCallerIdentityCommand({}));

test("a key that it does not know", async (t) => {
  const api = await openShop(t, {}, { key: "AKIASTRANGER" });
  await assert.rejects(services(api), { name: "UnrecognizedClientException" });
  await assert.rejects(identity(api), { name: "InvalidClientTokenId" });
});

test("credentials that are good, for another region", async (t) => {
  const api = await openShop(t, {}, { region: "us-east-1" });
  await assert.rejects(services(api), { name: "InvalidSignatureException" });
  await assert.rejects(identity(api), { name: "SignatureDoesNotMatch" });
});

test("no signature at all", async (t) => {
  const { url } = await openShop(t);
  const headers = { "x-amz-target": "Logs_20140328.GetLogEvents" };
  const answer = await fetch(url, { method: "POST", headers });
  assert.equal(answer.status, 400);
  assert.deepEqual(await answer.json(), {
    __type: "MissingAuthenticationTokenException",
    message: "Missing Authentication Token",
  });
});

test("another question to STS than who the caller is", async (t) => {
  const { sts } = await openShop(t);
  await assert.rejects(sts.send(new GetSessionTokenCommand({})), { name: "InvalidAction" });
});
