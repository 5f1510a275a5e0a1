/** The server as such, through the real clients of AWS: what it records, what it refuses, what it reads in the world. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { DescribeCertificateCommand } from "@aws-sdk/client-acm";
import { GetLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { DescribeServicesCommand, DescribeTaskDefinitionCommand, ListClustersCommand } from "@aws-sdk/client-ecs";
import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import { LOG_GROUP } from "../../tools/aws/records/logs.ts";
import { CERTIFICATE } from "../../tools/aws/records/acm.ts";
import { container, LOG_GROUP_NAME, openShop, put, putDefinition, revision, type Api } from "./aws-api.ts";

const services = ({ ecs }: Api) => ecs.send(new DescribeServicesCommand({ cluster: "shop", services: ["web"] }));
const refuses = (call: Promise<unknown>, name: string) => assert.rejects(call, { name });

test("tells whose credentials these are, and records every call but that", async (t) => {
  const api = await openShop(t);
  assert.equal((await api.sts.send(new GetCallerIdentityCommand({}))).Account, "123456789012");
  api.faults.account = "999999999999";
  assert.equal((await api.sts.send(new GetCallerIdentityCommand({}))).Account, "999999999999");
  await services(api);
  assert.deepEqual(api.calls, [
    {
      operation: "DescribeServices",
      input: { cluster: "shop", services: ["web"] },
    },
  ]);
});

test("refuses what it does not know", async (t) => {
  const api = await openShop(t);
  await refuses(api.ecs.send(new ListClustersCommand({})), "UnknownOperationException");
  const headers = {
    "x-amz-target": "TrentService.Decrypt",
    authorization: "AWS4-HMAC-SHA256 Credential=in-memory/20260101/eu-central-1/kms/aws4_request",
  };
  const answer = await fetch(api.url, { method: "POST", headers, body: "{}" });
  assert.equal(answer.status, 400);
  assert.deepEqual(await answer.json(), { __type: "UnknownOperationException", message: "Decrypt" });
});

test("does wrong as it is told: expired, throttled for some calls, denied", async (t) => {
  const api = await openShop(t);
  api.faults.expired = true;
  await refuses(services(api), "ExpiredTokenException");
  await refuses(api.sts.send(new GetCallerIdentityCommand({})), "ExpiredToken");
  api.faults.expired = false;
  api.faults.throttle = 2;
  for (let call = 0; call < 2; call += 1) await refuses(services(api), "ThrottlingException");
  await services(api);
  api.faults.denied = ["DescribeServices"];
  await refuses(services(api), "AccessDeniedException");
});

test("shows a certificate as the world has it", async (t) => {
  const api = await openShop(t);
  const arn = "arn:aws:acm:eu-central-1:123456789012:certificate/1";
  const describe = () => api.acm.send(new DescribeCertificateCommand({ CertificateArn: arn }));
  await refuses(describe(), "ResourceNotFoundException");
  const option = {
    domainName: "a.example",
    resourceRecordName: "_n.a.example.",
    resourceRecordType: "CNAME",
    resourceRecordValue: "_v.acm-validations.aws.",
  };
  put(api.place, CERTIFICATE, arn, {
    domainName: "a.example",
    status: "PENDING_VALIDATION",
    domainValidationOptions: [option],
  });
  assert.deepEqual((await describe()).Certificate, {
    CertificateArn: arn,
    DomainName: "a.example",
    Status: "PENDING_VALIDATION",
    DomainValidationOptions: [
      {
        DomainName: "a.example",
        ResourceRecord: { Name: "_n.a.example.", Type: "CNAME", Value: "_v.acm-validations.aws." },
      },
    ],
  });
});

test("finds a task definition by ARN, revision and family, which is its newest", async (t) => {
  const api = await openShop(t);
  putDefinition(api.place, 10, [container("web")]);
  const arnOf = async (taskDefinition: string) =>
    (await api.ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition }))).taskDefinition?.taskDefinitionArn;
  assert.equal(await arnOf(revision(2)), revision(2));
  assert.equal(await arnOf("web:1"), revision(1));
  assert.equal(await arnOf("web"), revision(10));
  await refuses(arnOf("web:3"), "ClientException");
});

test("reads a log where the container writes it, and nowhere else, as far as it has gone", async (t) => {
  const api = await openShop(t);
  await api.tasks.run({
    arn: "arn:aws:ecs:eu-central-1:123456789012:task/shop/t1",
    definition: revision(1),
    startedBy: "",
    commands: {},
  });
  const read = (more: object = {}) =>
    api.logs.send(new GetLogEventsCommand({ logGroupName: LOG_GROUP_NAME, logStreamName: "task/web/t1", ...more }));
  const messages = async (more: object = {}) => (await read(more)).events?.map(({ message }) => message);
  put(api.place, LOG_GROUP, "/silent", { name: "/silent" });
  api.tasks.lines.push("a", "b", "c");

  for (const more of [
    { logGroupName: "/other" },
    { logGroupName: "/silent" },
    { logStreamName: "other/web/t1" },
    { logStreamName: "task/web/t2" },
    { logStreamName: "task/init/t1" },
  ])
    await refuses(read(more), "ResourceNotFoundException");
  assert.deepEqual(await messages({ limit: 2 }), ["b", "c"]);
  const first = await read({ limit: 2, startFromHead: true });
  assert.deepEqual(
    first.events?.map(({ message }) => message),
    ["a", "b"],
  );
  const second = await read({ nextToken: first.nextForwardToken });
  assert.deepEqual(
    second.events?.map(({ message }) => message),
    ["c"],
  );
  const third = await read({ nextToken: second.nextForwardToken });
  assert.deepEqual([third.events, third.nextForwardToken], [[], second.nextForwardToken]);
  api.tasks.lines.push("d");
  assert.deepEqual(await messages({ nextToken: third.nextForwardToken }), ["d"]);
  assert.deepEqual(await messages({ nextToken: second.nextBackwardToken }), ["a", "b"]);
  await refuses(read({ nextToken: "3" }), "InvalidParameterException");
});
