import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Network, type Egress } from "../../../components/network/network.ts";
import type { Profile } from "../../../components/shared/profile.ts";
import { made, ofType, valueOf, type Made } from "./mocks.ts";

const EGRESS: readonly Egress[] = ["public-ip", "nat", "nat-per-zone"];
const ZONES = "aws:index/getAvailabilityZones:getAvailabilityZones";

const TABLES = ["network-public-routes", "network-private-routes-1", "network-private-routes-2"];

interface Choice {
  readonly profile?: Profile;
  readonly zones?: number;
  readonly egress?: Egress;
  /** As AWS returns them. */
  readonly names?: readonly string[];
}

const network = ({ profile = "dev", zones = 2, egress = "public-ip", names = ["1c", "1a", "1b"] }: Choice = {}) =>
  made(
    () =>
      new Network("network", {
        profile,
        zones,
        egress,
        region: "eu-central-1",
        account: "123456789012",
        cidr: "10.0.0.0/16",
      }),
    { calls: { [ZONES]: { names } } },
  );

const inputs = (of: Made<unknown>, type: RegExp) =>
  Object.fromEntries(Object.entries(ofType(of, type)).map(([name, resource]) => [name, resource.inputs]));

/** Where each subnet's packets to the internet go: through its association, to the route of its table. */
function waysOut(of: Made<unknown>): Record<string, unknown> {
  const routes = Object.values(inputs(of, /route:Route$/));
  const associations = Object.values(inputs(of, /routeTableAssociation:/));
  return Object.fromEntries(
    Object.keys(ofType(of, /subnet:Subnet$/)).map((subnet) => {
      const [table, second] = associations.filter(({ subnetId }) => subnetId === `${subnet}-id`);
      assert.equal(second, undefined, "AWS takes one table for a subnet");
      const ways = routes.filter(({ routeTableId }) => routeTableId === table?.["routeTableId"]);
      assert.ok(ways.every((way) => way["destinationCidrBlock"] === "0.0.0.0/0") && ways.length <= 1);
      return [subnet, ways[0]?.["gatewayId"] ?? ways[0]?.["natGatewayId"] ?? "none"];
    }),
  );
}

describe("the way out", () => {
  const publics = { "network-public-1": "network-igw-id", "network-public-2": "network-igw-id" };
  for (const [egress, first, second, nats] of [
    ["public-ip", "none", "none", 0],
    ["nat", "network-nat-1-id", "network-nat-1-id", 1],
    ["nat-per-zone", "network-nat-1-id", "network-nat-2-id", 2],
  ] as const) {
    test(`${egress}: ${nats} NAT gateways, each with an address, in a public subnet that reaches the internet`, async () => {
      const of = await network({ egress });
      assert.deepEqual(waysOut(of), { ...publics, "network-private-1": first, "network-private-2": second });
      const gateways = ofType(of, /natGateway:/);
      const addresses = ofType(of, /eip:Eip$/);
      assert.equal(Object.keys(gateways).length, nats);
      assert.equal(Object.keys(addresses).length, nats);
      for (const [name, { inputs: given, waitsFor }] of Object.entries(gateways)) {
        assert.equal(given["subnetId"], `${name.replace("nat", "public")}-id`);
        assert.equal(given["allocationId"], `${name}-ip-id`);
        for (const route of ["network-public-routes-out", "network-public-routes-1"])
          assert.ok(waitsFor.includes(route), route);
      }
      for (const { inputs: given, waitsFor } of Object.values(addresses)) {
        assert.equal(given["domain"], "vpc");
        assert.ok(waitsFor.includes("network-igw"));
      }
    });
  }

  test("whoever waits for `routes` waits for every route, association and the door to S3", async () => {
    for (const egress of EGRESS) {
      const of = await network({ egress, zones: 3 });
      const urns = await Promise.all(of.result.routes.map(({ urn }) => valueOf(urn)));
      assert.deepEqual(
        urns.map((urn) => urn.split("::").at(-1)).sort(),
        Object.keys(
          ofType(of, /(route:Route|routeTableAssociation:RouteTableAssociation|vpcEndpoint:VpcEndpoint)$/),
        ).sort(),
      );
    }
  });
});

describe("what every network has", () => {
  test("networks that give no address by themselves, in zones by name, whatever AWS's order", async () => {
    for (const names of [
      ["1c", "1a", "1b"],
      ["1a", "1b", "1c"],
    ]) {
      const of = await network({ names });
      const subnets = inputs(of, /subnet:Subnet$/);
      assert.deepEqual(
        Object.entries(subnets)
          .map(([name, { cidrBlock, availabilityZone }]) => [name, cidrBlock, availabilityZone])
          .sort(),
        [
          ["network-private-1", "10.0.0.0/18", "1a"],
          ["network-private-2", "10.0.64.0/18", "1b"],
          ["network-public-1", "10.0.192.0/21", "1a"],
          ["network-public-2", "10.0.200.0/21", "1b"],
        ],
      );
      for (const [name, { mapPublicIpOnLaunch }] of Object.entries(subnets))
        assert.equal(mapPublicIpOnLaunch, false, name);
      assert.deepEqual(await Promise.all(of.result.publicSubnetIds.map(valueOf)), [
        "network-public-1-id",
        "network-public-2-id",
      ]);
      assert.deepEqual(await Promise.all(of.result.privateSubnetIds.map(valueOf)), [
        "network-private-1-id",
        "network-private-2-id",
      ]);
    }
  });

  test("zones are asked for without local ones, and without those out of order", async () => {
    const { asked } = await network();
    const filters = [{ name: "opt-in-status", values: ["opt-in-not-required"] }];
    assert.deepEqual(asked, [[ZONES, { state: "available", filters }]]);
  });

  test("DNS, a closed default group, a free door to S3 on every table, a name on what has one", async () => {
    for (const egress of EGRESS) {
      const of = await network({ egress });
      assert.deepEqual(inputs(of, /vpc:Vpc$/), {
        "network-vpc": {
          cidrBlock: "10.0.0.0/16",
          enableDnsHostnames: true,
          enableDnsSupport: true,
          tags: { Name: "shop-test-vpc" },
        },
      });
      assert.deepEqual(inputs(of, /defaultSecurityGroup:/), {
        "network-closed": { vpcId: "network-vpc-id", ingress: [], egress: [] },
      });
      assert.deepEqual(Object.keys(ofType(of, /routeTable:/)), TABLES.toSorted());
      assert.deepEqual(inputs(of, /vpcEndpoint:/), {
        "network-s3": {
          vpcId: "network-vpc-id",
          serviceName: "com.amazonaws.eu-central-1.s3",
          vpcEndpointType: "Gateway",
          routeTableIds: TABLES.map((name) => `${name}-id`),
          tags: { Name: "shop-test-s3" },
        },
      });
      const named = /:(Vpc|Subnet|InternetGateway|RouteTable|Eip|NatGateway|VpcEndpoint)$/;
      for (const [name, { tags }] of Object.entries(inputs(of, named)))
        assert.deepEqual(tags, { Name: name.replace("network", "shop-test").replace(/-ip$/, "") });
    }
  });
});

test("neither a third zone nor another egress moves what is there", async () => {
  const base = inputs(await network(), /^aws:/);
  for (const egress of EGRESS) {
    for (const zones of [2, 3]) {
      const other = inputs(await network({ egress, zones }), /^aws:/);
      for (const [name, { routeTableIds, ...rest }] of Object.entries(base)) {
        const { routeTableIds: tables, ...now } = other[name] ?? {};
        assert.deepEqual(now, rest, `${name} with ${zones} zones, ${egress}`);
        if (routeTableIds) assert.deepEqual((tables as string[]).slice(0, 3), routeTableIds); // updated in place
      }
    }
  }
});

describe("flow logs", () => {
  test("none in dev", async () => {
    assert.deepEqual(ofType(await network(), /(flowLog|logGroup|role|rolePolicy):/), {});
  });

  test("in prod all traffic, kept for a year, by a role that can write there and nowhere else", async () => {
    const of = await network({ profile: "prod" });
    assert.deepEqual(inputs(of, /logGroup:/), { "network-flows-logs": { retentionInDays: 365 } });
    assert.deepEqual(inputs(of, /flowLog:/), {
      "network-flows-log": {
        vpcId: "network-vpc-id",
        trafficType: "ALL",
        logDestinationType: "cloud-watch-logs",
        logDestination: "network-flows-logs-arn",
        iamRoleArn: "network-flows-role-arn",
        maxAggregationInterval: 600,
      },
    });
    assert.ok(ofType(of, /flowLog:/)["network-flows-log"]?.waitsFor.includes("network-flows-policy"));
    const parsed = (type: RegExp, property: string) =>
      Object.values(inputs(of, type)).map((given) => JSON.parse(String(given[property])) as unknown);
    assert.deepEqual(parsed(/role:Role$/, "assumeRolePolicy"), [
      {
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Allow",
            Principal: { Service: "vpc-flow-logs.amazonaws.com" },
            Action: "sts:AssumeRole",
            Condition: { StringEquals: { "aws:SourceAccount": "123456789012" } },
          },
        ],
      },
    ]);
    assert.deepEqual(parsed(/rolePolicy:/, "policy"), [
      {
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Allow",
            Action: ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
            Resource: ["network-flows-logs-arn", "network-flows-logs-arn:*"],
          },
        ],
      },
    ]);
  });
});
