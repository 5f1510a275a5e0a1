import { inside, overlap, prefixOf, rangeOf } from "../cidr.ts";
import { zonesOf } from "../functions.ts";
import { arn, ec2Id, hex } from "../ids.ts";
import { finding, oneOf, text, type Finding, type Place, type Records } from "../record.ts";
import type { Properties, Stored } from "../world.ts";

export const VPC = "aws:ec2/vpc:Vpc";
export const SUBNET = "aws:ec2/subnet:Subnet";
const GATEWAY = "aws:ec2/internetGateway:InternetGateway";
const TABLE = "aws:ec2/routeTable:RouteTable";
const ROUTE = "aws:ec2/route:Route";
const ASSOCIATION = "aws:ec2/routeTableAssociation:RouteTableAssociation";
const ADDRESS = "aws:ec2/eip:Eip";
const NAT = "aws:ec2/natGateway:NatGateway";

const ofVpc = { path: "vpcId", type: VPC, code: "InvalidVpcID.NotFound" };
const network =
  (least: number, most: number, code: string) =>
  (inputs: Properties): Finding => {
    const cidr = text(inputs, "cidrBlock");
    if (cidr === undefined) return undefined;
    if (rangeOf(cidr) === undefined)
      return finding("cidrBlock", `InvalidParameterValue: ${cidr} is not a valid CIDR block`);
    const prefix = prefixOf(cidr);
    return prefix < least || prefix > most
      ? finding("cidrBlock", `${code}: ${cidr} is not between /${least} and /${most}`)
      : undefined;
  };

const zoneExists = (inputs: Properties, place: Place) =>
  oneOf("availabilityZone", zonesOf(place), "InvalidParameterValue")(inputs);

function inItsVpc(inputs: Properties, { world }: Place, self: Stored | undefined): Finding {
  const cidr = String(inputs["cidrBlock"]);
  const vpc = world.get(VPC, String(inputs["vpcId"]));
  if (vpc && !inside(cidr, String(vpc.properties["cidrBlock"]))) {
    return finding("cidrBlock", `InvalidSubnet.Range: The CIDR '${cidr}' is invalid.`);
  }
  const other = world
    .all(SUBNET)
    .filter(({ id, properties }) => id !== self?.id && properties["vpcId"] === inputs["vpcId"])
    .find(({ properties }) => overlap(cidr, String(properties["cidrBlock"])));
  return (
    other &&
    finding("cidrBlock", `InvalidSubnet.Conflict: The CIDR '${cidr}' conflicts with another subnet (${other.id})`)
  );
}

const isSame =
  (...names: readonly string[]) =>
  (one: Properties, other: Properties) =>
    names.every((name) => one[name] === other[name]);

/** AWS takes one of a kind only. */
const once =
  (type: string, names: readonly string[], code: string) =>
  (inputs: Properties, { world }: Place, self: Stored | undefined): Finding => {
    const other = world.all(type).find(({ id, properties }) => id !== self?.id && isSame(...names)(properties, inputs));
    return other && finding(names[0] ?? "", `${code}: there is one already (${other.id})`);
  };

const TARGETS = ["gatewayId", "natGatewayId"];

export const NETWORKS: Records = {
  [VPC]: {
    id: ec2Id("vpc"),
    outputs: (_, id, place) => ({
      arn: arn(place, "ec2", `vpc/${id}`),
      ownerId: place.account,
      mainRouteTableId: ec2Id("rtb")(),
      defaultSecurityGroupId: ec2Id("sg")(),
    }),
    required: ["cidrBlock"],
    immutable: ["cidrBlock"],
    checks: [network(16, 28, "InvalidVpc.Range")],
  },
  [SUBNET]: {
    id: ec2Id("subnet"),
    outputs: (_, id, place) => ({ arn: arn(place, "ec2", `subnet/${id}`), ownerId: place.account }),
    required: ["cidrBlock"],
    immutable: ["vpcId", "cidrBlock", "availabilityZone"],
    references: [ofVpc],
    checks: [network(16, 28, "InvalidSubnet.Range"), zoneExists],
    cross: [inItsVpc],
  },
  [GATEWAY]: {
    id: ec2Id("igw"),
    outputs: (_, id, place) => ({ arn: arn(place, "ec2", `internet-gateway/${id}`) }),
    references: [ofVpc],
    cross: [once(GATEWAY, ["vpcId"], "Resource.AlreadyAssociated")],
  },
  [TABLE]: { id: ec2Id("rtb"), immutable: ["vpcId"], references: [ofVpc] },
  [ROUTE]: {
    id: ({ routeTableId }) => `r-${String(routeTableId)}${hex(10)}`,
    immutable: ["routeTableId", "destinationCidrBlock"],
    references: [
      { path: "routeTableId", type: TABLE, code: "InvalidRouteTableID.NotFound" },
      { path: "gatewayId", type: GATEWAY, code: "InvalidGatewayID.NotFound" },
      { path: "natGatewayId", type: NAT, code: "NatGatewayNotFound" },
    ],
    checks: [
      (inputs) => {
        const cidr = text(inputs, "destinationCidrBlock");
        return cidr !== undefined && rangeOf(cidr) === undefined
          ? finding("destinationCidrBlock", `InvalidParameterValue: ${cidr} is not a valid CIDR block`)
          : undefined;
      },
    ],
    cross: [
      (inputs) =>
        TARGETS.filter((target) => inputs[target] !== undefined).length === 1
          ? undefined
          : finding("gatewayId", `InvalidParameterCombination: a route has exactly one of ${TARGETS.join(", ")}`),
      once(ROUTE, ["routeTableId", "destinationCidrBlock"], "RouteAlreadyExists"),
    ],
  },
  [ASSOCIATION]: {
    id: ec2Id("rtbassoc"),
    immutable: ["subnetId"],
    references: [
      { path: "routeTableId", type: TABLE, code: "InvalidRouteTableID.NotFound" },
      { path: "subnetId", type: SUBNET, code: "InvalidSubnetID.NotFound" },
    ],
    cross: [once(ASSOCIATION, ["subnetId"], "Resource.AlreadyAssociated")],
  },
  [ADDRESS]: {
    id: ec2Id("eipalloc"),
    outputs: (_, id) => ({ allocationId: id, publicIp: "203.0.113.7" }),
    checks: [oneOf("domain", ["vpc"], "InvalidParameterValue")],
    cross: [
      (_, { world }, self) =>
        !self && world.all(ADDRESS).length >= 5
          ? finding("domain", "AddressLimitExceeded: The maximum number of addresses has been reached.")
          : undefined,
    ],
  },
  [NAT]: {
    id: ec2Id("nat"),
    outputs: () => ({ publicIp: "203.0.113.7" }),
    required: ["subnetId"],
    immutable: ["subnetId", "allocationId"],
    references: [
      { path: "subnetId", type: SUBNET, code: "InvalidSubnetID.NotFound" },
      { path: "allocationId", type: ADDRESS, code: "InvalidAllocationID.NotFound" },
    ],
    cross: [
      (inputs, { world }) => {
        const table = world.all(ASSOCIATION).find(({ properties }) => properties["subnetId"] === inputs["subnetId"]);
        const open = world
          .all(ROUTE)
          .some(
            ({ properties }) =>
              properties["routeTableId"] === table?.properties["routeTableId"] && properties["gatewayId"],
          );
        return open
          ? undefined
          : finding("subnetId", "Gateway.NotAttached: Network vpc has no Internet gateway attached");
      },
    ],
  },
  "aws:ec2/vpcEndpoint:VpcEndpoint": {
    id: ec2Id("vpce"),
    outputs: () => ({ prefixListId: `pl-${hex(8)}` }),
    immutable: ["vpcId", "serviceName", "vpcEndpointType"],
    references: [ofVpc, { path: "routeTableIds", type: TABLE, code: "InvalidRouteTableId.NotFound" }],
    checks: [
      (inputs, { region }) => oneOf("serviceName", [`com.amazonaws.${region}.s3`], "InvalidServiceName")(inputs),
      oneOf("vpcEndpointType", ["Gateway"], "InvalidParameter"),
    ],
  },
  "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": {
    id: ec2Id("sg"),
    references: [ofVpc],
    immutable: ["vpcId"],
  },
  "aws:ec2/flowLog:FlowLog": {
    id: ec2Id("fl"),
    immutable: "*",
    references: [
      ofVpc,
      { path: "logDestination", type: "aws:cloudwatch/logGroup:LogGroup", by: "arn", code: "InvalidParameter" },
      { path: "iamRoleArn", type: "aws:iam/role:Role", by: "arn", code: "InvalidParameter" },
    ],
    checks: [oneOf("maxAggregationInterval", [60, 600], "InvalidParameter")],
  },
};
