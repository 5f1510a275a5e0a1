/** The provider of the in-memory AWS, call by call, as the engine makes them. */
import assert from "node:assert/strict";
import { after, beforeEach, suite, test } from "node:test";
import { secret } from "../../tools/provider-values.ts";
import type { Properties } from "../../tools/aws/world.ts";
import { Account, urnOf, type Checked, type Made } from "./aws-account.ts";
import { furnish } from "./aws-furniture.ts";

const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"; // as the engine sends it in a preview
const SECRET = "aws:secretsmanager/secret:Secret";
const SUBNET = "aws:ec2/subnet:Subnet";
const VPC = "aws:ec2/vpc:Vpc";
const DEFINITION = "aws:ecs/taskDefinition:TaskDefinition";

suite("the in-memory AWS's provider", () => {
  let account: Account;
  const cleaning: (() => void)[] = [];
  beforeEach(() => {
    account = new Account((clean) => cleaning.push(clean));
  });
  after(() => {
    for (const clean of cleaning) clean();
  });

  const check = async (type: string, news: Properties, olds: Properties = {}) => {
    const { inputs, failures = [] } = (await account.provider.check(urnOf(type, "key"), olds, news)) as Checked;
    return { inputs, failures: failures.map(({ property }) => property) };
  };
  const diff = ({ urn, id, outs }: Made, news: Properties) => account.provider.diff(id, urn, outs, news);
  const update = async ({ urn, id, outs }: Made, news: Properties) =>
    (await account.provider.update(id, urn, outs, news)) as { outs: Properties };
  const remove = ({ urn, id, outs }: Made) => account.provider.delete(id, urn, outs);
  const read = async ({ urn, id, outs }: Made) => {
    const found = await account.provider.read(id, urn, outs);
    return { id: found.id, props: found.props as Properties | undefined };
  };

  test("check: a name is made once and kept; one of one's own stays", async () => {
    const { inputs } = await check(SECRET, {});
    assert.match(String(inputs["name"]), /^key-[0-9a-f]{7}$/);
    assert.deepEqual((await check(SECRET, {}, inputs)).inputs, inputs);
    assert.deepEqual((await check(SECRET, { name: "mine" }, inputs)).inputs, { name: "mine" });
  });

  test("check: all that is wrong at once, nested properties too; what is not known yet is no error", async () => {
    const targets = { port: 0, protocol: "HTTP", healthCheck: { interval: 4, intervall: 5 }, vpcid: "vpc" };
    const { failures } = await check("aws:lb/targetGroup:TargetGroup", targets);
    assert.deepEqual(failures.sort(), ["healthCheck.interval", "healthCheck.intervall", "port", "vpcid"]);
    const open = { port: UNKNOWN, vpcId: UNKNOWN, healthCheck: { interval: UNKNOWN, timeout: 5 } };
    assert.deepEqual((await check("aws:lb/targetGroup:TargetGroup", open)).failures, []);
    const missing = await check("aws:ecs/taskDefinition:TaskDefinition", { containerDefinitions: UNKNOWN });
    assert.deepEqual(missing.failures, ["family"]);
  });

  test("check: an id that only AWS makes has to be there already; another name may be yet to come", async () => {
    const subnet = { cidrBlock: "10.0.0.0/24" };
    assert.deepEqual((await check(SUBNET, { ...subnet, vpcId: "vpc-0123456789abcdef0" })).failures, ["vpcId"]);
    assert.deepEqual((await check("aws:iam/rolePolicy:RolePolicy", { role: "later", policy: UNKNOWN })).failures, []);
  });

  test("create: a secret input comes back as a secret", async () => {
    const { id: secretId } = await account.make(SECRET, {});
    const { outs } = await account.make("aws:secretsmanager/secretVersion:SecretVersion", {
      secretId,
      secretString: secret("sentinel"),
    });
    assert.deepEqual(outs["secretString"], secret("sentinel"));
  });

  test("diff: nothing, a change in place, a replacement, an input taken away", async () => {
    const inputs = { cidrBlock: "10.0.0.0/16", enableDnsSupport: true };
    const vpc = await account.make(VPC, inputs);
    assert.deepEqual(await diff(vpc, inputs), { changes: false, replaces: [] });
    assert.deepEqual(await diff(vpc, { ...inputs, enableDnsHostnames: true }), { changes: true, replaces: [] });
    assert.deepEqual(await diff(vpc, { ...inputs, cidrBlock: "10.1.0.0/16" }), {
      changes: true,
      replaces: ["cidrBlock"],
    });
    assert.deepEqual(await diff(vpc, { cidrBlock: "10.0.0.0/16" }), { changes: true, replaces: [] });
  });

  test("diff: the order of JSON's keys and of a list of ids says nothing, that of a command does", async () => {
    const valid = await furnish(account);
    const role = await account.make("aws:iam/role:Role", valid["aws:iam/role:Role"] ?? {});
    const document = JSON.parse(String(role.outs["assumeRolePolicy"])) as Properties;
    const other = JSON.stringify(Object.fromEntries(Object.entries(document).toReversed()));
    assert.equal((await diff(role, { ...role.outs, assumeRolePolicy: other })).changes, false);
    const group = await account.make("aws:rds/subnetGroup:SubnetGroup", valid["aws:rds/subnetGroup:SubnetGroup"] ?? {});
    const ids = group.outs["subnetIds"] as string[];
    assert.equal((await diff(group, { name: group.outs["name"], subnetIds: ids.toReversed() })).changes, false);
    const command = (...words: string[]) => JSON.stringify([{ name: "a", image: "a", command: words }]);
    const definition = { ...valid[DEFINITION], containerDefinitions: command("a", "b") };
    const made = await account.make(DEFINITION, definition);
    const turned = await diff(made, { ...definition, containerDefinitions: command("b", "a") });
    assert.deepEqual(turned, { changes: true, replaces: ["containerDefinitions"] });
  });

  test("update: AWS keeps what it gave, and refuses what it would not make", async () => {
    const inputs = { cidrBlock: "10.0.0.0/16" };
    const vpc = await account.make(VPC, inputs);
    const { outs } = await update(vpc, { ...inputs, enableDnsHostnames: true });
    assert.deepEqual(outs, { ...vpc.outs, enableDnsHostnames: true, __inputs: ["cidrBlock", "enableDnsHostnames"] });
    await assert.rejects(update(vpc, { cidrBlock: "10.0.0.0/8" }), /InvalidVpc\.Range/);
    await remove(vpc);
    await assert.rejects(update(vpc, inputs), /NotFound/);
  });

  test("read: as it is, as somebody changed it, and gone", async () => {
    const vpc = await account.make(VPC, { cidrBlock: "10.0.0.0/16" });
    assert.deepEqual((await read(vpc)).props, vpc.outs);
    const [stored] = account.place.world.all(VPC);
    assert.ok(stored);
    account.place.world.put({ ...stored, properties: { ...stored.properties, enableDnsHostnames: true } });
    assert.equal((await read(vpc)).props?.["enableDnsHostnames"], true);
    await remove(vpc);
    assert.equal((await read(vpc)).id, undefined);
  });

  test("delete: not while it is in use, named with its users; a second time is no error", async () => {
    const vpc = await account.make(VPC, { cidrBlock: "10.0.0.0/16" });
    const subnet = await account.make(SUBNET, { vpcId: vpc.id, cidrBlock: "10.0.0.0/24" });
    await assert.rejects(async () => remove(vpc), {
      message: `DependencyViolation: ${vpc.id} is in use by ${subnet.id}`,
    });
    await remove(subnet);
    await remove(vpc);
    await remove(vpc);
    assert.deepEqual(account.place.world.all(), []);
  });

  test("delete: each protection stops it", async () => {
    const valid = await furnish(account);
    for (const [type, on] of [
      ["aws:rds/instance:Instance", { deletionProtection: true }],
      ["aws:lb/loadBalancer:LoadBalancer", { enableDeletionProtection: true }],
      ["aws:ecr/repository:Repository", { forceDelete: false }],
    ] as const) {
      const made = await account.make(type, { ...valid[type], ...on });
      await assert.rejects(async () => remove(made), /protect|still contains images/, type);
    }
  });

  test("what remains: a secret's name for its days, a revision of a definition, a last snapshot", async () => {
    const valid = await furnish(account);
    const kept = await account.make(SECRET, { name: "key", recoveryWindowInDays: 7 });
    await remove(kept);
    await assert.rejects(account.make(SECRET, { name: "key" }), /already scheduled for deletion/);
    const database = {
      ...valid["aws:rds/instance:Instance"],
      skipFinalSnapshot: false,
      finalSnapshotIdentifier: "last",
    };
    await remove(await account.make("aws:rds/instance:Instance", database));
    await assert.rejects(account.make("aws:rds/instance:Instance", database), /DBSnapshotAlreadyExists/);
    const revisions = [];
    for (let round = 0; round < 2; round++) {
      const made = await account.make(DEFINITION, { ...valid[DEFINITION], family: "shop", skipDestroy: true });
      revisions.push(String(made.outs["arn"]).split("/").at(-1));
      await remove(made);
    }
    assert.deepEqual(revisions, ["shop:1", "shop:2"]);
    const stored = account.place.world.all(DEFINITION).filter(({ id }) => id === "shop");
    assert.equal(stored.length, 2);
  });

  test("invoke: what it knows, and an error by name for what it does not", async () => {
    const invoke = async (token: string, args: Properties = {}) =>
      (await account.provider.invoke(token, args)).outputs as Properties;
    const zones = await invoke("aws:index/getAvailabilityZones:getAvailabilityZones");
    assert.deepEqual(zones["names"], ["eu-central-1a", "eu-central-1b", "eu-central-1c"]);
    assert.equal((await invoke("aws:index/getCallerIdentity:getCallerIdentity"))["accountId"], "123456789012");
    assert.equal((await invoke("aws:route53/getZone:getZone", { name: "example.com" }))["zoneId"], "Z0EXAMPLE");
    await assert.rejects(invoke("aws:route53/getZone:getZone", { name: "example.org" }), /no matching/);
    await assert.rejects(invoke("aws:ec2/getAmi:getAmi"), /no data function aws:ec2\/getAmi/);
    await assert.rejects(account.make("aws:sqs/queue:Queue", {}), /no record of aws:sqs\/queue:Queue/);
  });
});
