import { arn, hex } from "../ids.ts";
import { alive } from "../judge.ts";
import {
  asText,
  between,
  finding,
  matches,
  number,
  oneOf,
  text,
  valuesAt,
  type Finding,
  type Place,
  type Records,
} from "../record.ts";
import type { Properties, Stored } from "../world.ts";
import { CERTIFICATE } from "./acm.ts";
import { SUBNET, VPC } from "./ec2.ts";
import { GROUP } from "./security-groups.ts";

export const BALANCER = "aws:lb/loadBalancer:LoadBalancer";
export const TARGETS = "aws:lb/targetGroup:TargetGroup";
export const LISTENER = "aws:lb/listener:Listener";

const NAME = matches("name", /^(?!internal-)[a-zA-Z0-9](-?[a-zA-Z0-9])*$/, "ValidationError: name");
/** Policies for TLS 1.3: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html */
const TLS_POLICIES = [
  "ELBSecurityPolicy-TLS13-1-2-2021-06",
  "ELBSecurityPolicy-TLS13-1-2-Res-2021-06",
  "ELBSecurityPolicy-TLS13-1-3-2021-06",
  "ELBSecurityPolicy-TLS13-1-2-PQ-2025-09",
  "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09",
  "ELBSecurityPolicy-TLS13-1-3-PQ-2025-09",
  "ELBSecurityPolicy-2016-08",
];

function twoZones(inputs: Properties, { world }: Place): Finding {
  const zones = valuesAt(inputs, "subnets").map((id) => world.get(SUBNET, String(id))?.properties["availabilityZone"]);
  if (new Set(zones).size < zones.length) {
    return finding(
      "subnets",
      "InvalidConfigurationRequest: A load balancer cannot be attached to multiple subnets in the same Availability Zone",
    );
  }
  return undefined;
}

function certificate(inputs: Properties, { world, seed }: Place): Finding {
  const wanted = text(inputs, "certificateArn");
  const tls = ["HTTPS", "TLS"].includes(text(inputs, "protocol") ?? "");
  if (!tls) {
    return wanted === undefined
      ? undefined
      : finding("certificateArn", "ValidationError: an HTTP listener has no certificate");
  }
  if (wanted === undefined)
    return finding("certificateArn", "ValidationError: A certificate must be specified for HTTPS listeners");
  const status =
    world.get(CERTIFICATE, wanted)?.properties["status"] ??
    (seed.certificates ?? []).find((each) => each.arn === wanted)?.status;
  if (status === undefined) return finding("certificateArn", `CertificateNotFound: Certificate '${wanted}' not found`);
  return status === "ISSUED"
    ? undefined
    : finding(
        "certificateArn",
        `UnsupportedCertificate: The certificate '${wanted}' must have a fully-qualified domain name, a supported signature, and a supported key size (status ${asText(status)})`,
      );
}

function actions(inputs: Properties): Finding {
  for (const action of (inputs["defaultActions"] ?? []) as Properties[]) {
    const needs = { forward: "targetGroupArn", redirect: "redirect", "fixed-response": "fixedResponse" }[
      String(action["type"])
    ];
    if (needs === undefined)
      return finding("defaultActions", `ValidationError: action type ${JSON.stringify(action["type"])}`);
    // A target group that is not known yet is absent here: only the other two can be missed.
    if (needs !== "targetGroupArn" && action[needs] === undefined) {
      return finding("defaultActions", `ValidationError: a ${String(action["type"])} action needs ${needs}`);
    }
  }
  return undefined;
}

const samePort = (inputs: Properties, { world }: Place, self: Stored | undefined): Finding => {
  const twin = world
    .all(LISTENER)
    .find(
      ({ id, properties }) =>
        id !== self?.id &&
        properties["loadBalancerArn"] === inputs["loadBalancerArn"] &&
        properties["port"] === inputs["port"],
    );
  return twin && finding("port", "DuplicateListener: A listener already exists on this port for this load balancer");
};

export const BALANCERS: Records = {
  [BALANCER]: {
    autoname: ["name", 32],
    id: ({ name }, place) => arn(place, "elasticloadbalancing", `loadbalancer/app/${String(name)}/${hex(16)}`),
    outputs: ({ name, subnets }, id, { region, world }) => ({
      arn: id,
      arnSuffix: id.split(":loadbalancer/")[1],
      dnsName: `${String(name)}-${parseInt(hex(8), 16)}.${region}.elb.amazonaws.com`,
      zoneId: "Z215JYRZR1TBD5",
      vpcId: world.get(SUBNET, String((subnets as string[])[0]))?.properties["vpcId"],
    }),
    immutable: ["internal", "loadBalancerType"],
    references: [
      { path: "subnets", type: SUBNET, code: "SubnetNotFound" },
      { path: "securityGroups", type: GROUP, code: "InvalidSecurityGroup" },
      { path: "accessLogs.bucket", type: "aws:s3/bucket:Bucket", code: "InvalidConfigurationRequest" },
    ],
    checks: [
      NAME,
      between("idleTimeout", 1, 4000, "ValidationError"),
      oneOf("desyncMitigationMode", ["monitor", "defensive", "strictest"], "ValidationError"),
      oneOf("xffHeaderProcessingMode", ["append", "preserve", "remove"], "ValidationError"),
      ({ subnets }) =>
        Array.isArray(subnets) && subnets.length < 2
          ? finding(
              "subnets",
              "ValidationError: At least two subnets in two different Availability Zones must be specified",
            )
          : undefined,
    ],
    cross: [twoZones, mayLog],
    keep: ({ properties }) =>
      properties["enableDeletionProtection"] === true
        ? "OperationNotPermitted: Load balancer cannot be deleted because deletion protection is enabled"
        : undefined,
  },
  [TARGETS]: {
    autoname: ["name", 32],
    id: ({ name }, place) => arn(place, "elasticloadbalancing", `targetgroup/${String(name)}/${hex(16)}`),
    outputs: (_, id) => ({ arn: id, arnSuffix: id.split(":").at(-1) }),
    immutable: ["port", "protocol", "vpcId", "targetType", "protocolVersion"],
    references: [{ path: "vpcId", type: VPC, code: "ValidationError" }],
    inUse: "ResourceInUse",
    checks: [
      NAME,
      between("stickiness.cookieDuration", 1, 604_800, "ValidationError"),
      oneOf("protocol", ["HTTP", "HTTPS"], "ValidationError"),
      oneOf(
        "loadBalancingAlgorithmType",
        ["round_robin", "least_outstanding_requests", "weighted_random"],
        "ValidationError",
      ),
      matches("healthCheck.path", /^\/\S*$/, "ValidationError: health check path"),
      (inputs) => {
        const slow = number(inputs, "slowStart");
        return slow !== undefined && slow !== 0 && (slow < 30 || slow > 900)
          ? finding("slowStart", `ValidationError: slowStart ${slow} is neither 0 nor between 30 and 900`)
          : undefined;
      },
      (inputs) => {
        const [timeout, interval] = [number(inputs, "healthCheck.timeout"), number(inputs, "healthCheck.interval")];
        return timeout !== undefined && interval !== undefined && timeout >= interval
          ? finding("healthCheck", "ValidationError: Health check timeout must be smaller than the interval")
          : undefined;
      },
    ],
  },
  [LISTENER]: {
    id: ({ loadBalancerArn }) => `${String(loadBalancerArn).replace(":loadbalancer/", ":listener/")}/${hex(16)}`,
    outputs: (_, id) => ({ arn: id }),
    immutable: ["loadBalancerArn"],
    references: [
      { path: "loadBalancerArn", type: BALANCER, code: "LoadBalancerNotFound" },
      { path: "defaultActions.targetGroupArn", type: TARGETS, code: "TargetGroupNotFound" },
    ],
    checks: [
      oneOf("protocol", ["HTTP", "HTTPS"], "ValidationError"),
      oneOf("sslPolicy", TLS_POLICIES, "SSLPolicyNotFound"),
      actions,
    ],
    cross: [certificate, samePort],
  },
};

/** ELB tries a write into the bucket before it takes the setting. */
function mayLog(inputs: Properties, { world }: Place): Finding {
  const bucket = text(inputs, "accessLogs.bucket");
  if (bucket === undefined) return undefined;
  const allowed = world
    .all("aws:s3/bucketPolicy:BucketPolicy")
    .some(
      (each) =>
        alive(each) &&
        each.properties["bucket"] === bucket &&
        String(each.properties["policy"]).includes("elasticloadbalancing"),
    );
  return allowed
    ? undefined
    : finding(
        "accessLogs",
        `InvalidConfigurationRequest: Access Denied for bucket: ${bucket}. Please check S3bucket permission`,
      );
}
