import { rangeOf } from "../cidr.ts";
import { arn, ec2Id } from "../ids.ts";
import {
  between,
  finding,
  matches,
  number,
  text,
  type Finding,
  type Place,
  type Records,
  type TypeRecord,
} from "../record.ts";
import type { Properties, Stored } from "../world.ts";
import { VPC } from "./ec2.ts";

export const GROUP = "aws:ec2/securityGroup:SecurityGroup";
const MOST_RULES = 60;

const SOURCES = ["cidrIpv4", "cidrIpv6", "prefixListId", "referencedSecurityGroupId"];

function ports(inputs: Properties): Finding {
  const [from, to] = [number(inputs, "fromPort"), number(inputs, "toPort")];
  if (text(inputs, "ipProtocol") === "-1") {
    return from === undefined ? undefined : finding("fromPort", "InvalidParameterValue: all protocols have no ports");
  }
  if (from === undefined || to === undefined)
    return finding("fromPort", "InvalidParameterValue: tcp and udp need ports");
  return from > to ? finding("toPort", `InvalidParameterValue: ports from ${from} to ${to}`) : undefined;
}

function network(inputs: Properties): Finding {
  const cidr = text(inputs, "cidrIpv4");
  return cidr === undefined || rangeOf(cidr)
    ? undefined
    : finding("cidrIpv4", `InvalidParameterValue: CIDR block ${cidr} is malformed`);
}

const source = (inputs: Properties): Finding =>
  SOURCES.filter((name) => inputs[name] !== undefined).length === 1
    ? undefined
    : finding("cidrIpv4", `InvalidParameterCombination: a rule has exactly one of ${SOURCES.join(", ")}`);

const SAME = ["securityGroupId", "ipProtocol", "fromPort", "toPort", ...SOURCES];
const unique =
  (type: string) =>
  (inputs: Properties, { world }: Place, self: Stored | undefined): Finding => {
    const others = world
      .all(type)
      .filter(({ id, properties }) => id !== self?.id && properties["securityGroupId"] === inputs["securityGroupId"]);
    const twin = others.find(({ properties }) => SAME.every((name) => properties[name] === inputs[name]));
    if (twin)
      return finding("securityGroupId", `InvalidPermission.Duplicate: the specified rule already exists (${twin.id})`);
    return others.length >= MOST_RULES
      ? finding("securityGroupId", `RulesPerSecurityGroupLimitExceeded: at most ${MOST_RULES} rules`)
      : undefined;
  };

const rule = (type: string): TypeRecord => ({
  id: ec2Id("sgr"),
  outputs: (_, id, place) => ({ arn: arn(place, "ec2", `security-group-rule/${id}`), securityGroupRuleId: id }),
  immutable: ["securityGroupId"],
  references: [
    { path: "securityGroupId", type: GROUP, code: "InvalidGroup.NotFound" },
    { path: "referencedSecurityGroupId", type: GROUP, code: "InvalidGroup.NotFound" },
  ],
  checks: [
    between("fromPort", 0, 65_535, "InvalidParameterValue"),
    between("toPort", 0, 65_535, "InvalidParameterValue"),
    matches(
      "description",
      /^[a-zA-Z0-9 ._\-:/()#,@[\]+=&;{}!$*]{0,255}$/,
      "InvalidParameterValue: characters of description",
    ),
    ports,
    network,
  ],
  cross: [source, unique(type)],
});

const [INGRESS, EGRESS] = [
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
];

export const SECURITY_GROUPS: Records = {
  [GROUP]: {
    id: ec2Id("sg"),
    outputs: (_, id, place) => ({ arn: arn(place, "ec2", `security-group/${id}`), ownerId: place.account }),
    autoname: ["name", 255],
    immutable: ["description", "vpcId"],
    references: [{ path: "vpcId", type: VPC, code: "InvalidVpcID.NotFound" }],
    checks: [
      matches("description", /./, "MissingParameter: description"),
      matches("name", /^(?!sg-)[a-zA-Z0-9 ._\-:/()#,@[\]+=&;{}!$*]{1,255}$/, "InvalidParameterValue: name"),
    ],
    cross: [
      (inputs, { world }, self) => {
        const twin = world
          .all(GROUP)
          .find(
            ({ id, properties }) =>
              id !== self?.id && properties["vpcId"] === inputs["vpcId"] && properties["name"] === inputs["name"],
          );
        return twin && finding("name", `InvalidGroup.Duplicate: ${String(inputs["name"])} is there already`);
      },
    ],
  },
  [INGRESS]: rule(INGRESS),
  [EGRESS]: rule(EGRESS),
};
