import type { Properties } from "../../tools/aws/world.ts";
import { containers, lifecycle, policy, trust } from "./aws-furniture.ts";

/** Laid over valid inputs: the last that AWS takes, the first that it refuses, and its words. */
export type Pair = readonly [what: string, last: Properties, first: Properties, refusal: RegExp];

const letters = (count: number) => "a".repeat(count);
const one = (more: Properties): Properties => ({ containerDefinitions: containers(more) });
const health = (more: Properties) =>
  one({ healthCheck: { command: ["CMD", "true"], interval: 30, timeout: 5, retries: 3, ...more } });
const other = { name: "other", image: "other" };
const after = (condition: string, more: Properties): Properties => ({
  containerDefinitions: containers({ dependsOn: [{ containerName: "other", condition }] }, { ...other, ...more }),
});
const sized = (cpu: number, memory: number): Properties => ({ cpu: String(cpu), memory: String(memory) });
const tags = (count: number) => ({
  tags: Object.fromEntries(Array.from({ length: count }, (_, at) => [`t${at}`, ""])),
});
const domains = (count: number) => Array.from({ length: count }, (_, at) => `s${at}.example.com`);
const json = (length: number) => policy({ Sid: letters(length - policy({ Sid: "" }).length) });

/** What no schema says, or another input decides. */
export const PAIRS: Readonly<Record<string, readonly Pair[]>> = {
  "aws:ec2/vpc:Vpc": [
    ["a network of /16", { cidrBlock: "10.1.0.0/16" }, { cidrBlock: "10.0.0.0/15" }, /InvalidVpc\.Range/],
    ["a network of /28", { cidrBlock: "10.1.0.0/28" }, { cidrBlock: "10.1.0.0/29" }, /InvalidVpc\.Range/],
    ["bytes of an address", { cidrBlock: "10.255.0.0/16" }, { cidrBlock: "10.256.0.0/16" }, /not a valid CIDR/],
    ["50 tags", tags(50), tags(51), /TooManyTags/],
    ["a tag's key", { tags: { [letters(128)]: "" } }, { tags: { [letters(129)]: "" } }, /InvalidTag/],
    ["a tag's value", { tags: { a: letters(256) } }, { tags: { a: letters(257) } }, /InvalidTag/],
    ["tags of one's own", { tags: { "aws-": "" } }, { tags: { "aws:": "" } }, /InvalidTag/],
    ["properties that it has", { enableDnsSupport: true }, { enableDnsSuport: true }, /is no property/],
  ],
  "aws:ec2/subnet:Subnet": [
    ["a network of /28", { cidrBlock: "10.0.2.0/28" }, { cidrBlock: "10.0.2.0/29" }, /InvalidSubnet\.Range/],
    ["inside its VPC", { cidrBlock: "10.0.255.0/24" }, { cidrBlock: "10.1.0.0/24" }, /InvalidSubnet\.Range/],
    ["beside its neighbour", { cidrBlock: "10.0.2.0/24" }, { cidrBlock: "10.0.1.128/25" }, /InvalidSubnet\.Conflict/],
    [
      "a zone of the region",
      { availabilityZone: "eu-central-1c" },
      { availabilityZone: "eu-central-1d" },
      /InvalidParameterValue/,
    ],
  ],
  "aws:ec2/route:Route": [
    [
      "one for a network",
      { destinationCidrBlock: "192.0.2.0/24" },
      { destinationCidrBlock: "0.0.0.0/0" },
      /RouteAlreadyExists/,
    ],
    ["one target", {}, { gatewayId: undefined }, /InvalidParameterCombination/],
  ],
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": [
    ["the first port", { fromPort: 0 }, { fromPort: -1 }, /InvalidParameterValue/],
    ["the last port", { toPort: 65_535 }, { toPort: 65_536 }, /InvalidParameterValue/],
    ["ports in order", { fromPort: 80 }, { fromPort: 81 }, /ports from 81 to 80/],
    ["a network's prefix", { cidrIpv4: "192.0.2.0/32" }, { cidrIpv4: "192.0.2.0/33" }, /malformed/],
    ["rules that differ", { cidrIpv4: "0.0.0.0/1" }, { cidrIpv4: "0.0.0.0/0" }, /InvalidPermission\.Duplicate/],
    ["a description", { description: letters(255) }, { description: letters(256) }, /description/],
    ["its characters", { description: "a-b" }, { description: "a'b" }, /description/],
    ["one source", {}, { cidrIpv4: undefined }, /exactly one of/],
  ],
  "aws:ec2/securityGroup:SecurityGroup": [
    ["a name", { name: letters(255) }, { name: letters(256) }, /name/],
    ["a description", { description: "a" }, { description: "" }, /description/],
    ["a name of one's own", { name: "sg" }, { name: "sg-a" }, /name/],
  ],
  "aws:lb/loadBalancer:LoadBalancer": [
    ["a name", { name: letters(32) }, { name: letters(33) }, /ValidationError: name/],
    ["its letters", { name: "a-b" }, { name: "a_b" }, /ValidationError: name/],
    ["its beginning", { name: "internal" }, { name: "internal-a" }, /ValidationError: name/],
    ["seconds of silence", { idleTimeout: 1 }, { idleTimeout: 0 }, /idleTimeout/],
    ["seconds of silence at most", { idleTimeout: 4000 }, { idleTimeout: 4001 }, /idleTimeout/],
    ["modes", { desyncMitigationMode: "strictest" }, { desyncMitigationMode: "strict" }, /desyncMitigationMode/],
  ],
  "aws:lb/targetGroup:TargetGroup": [
    ["a name", { name: letters(32) }, { name: letters(33) }, /ValidationError: name/],
    ["a slow start", { slowStart: 30 }, { slowStart: 29 }, /slowStart/],
    ["the slowest start", { slowStart: 900 }, { slowStart: 901 }, /slowStart/],
    [
      "a time-out below the interval",
      { healthCheck: { interval: 6, timeout: 5 } },
      { healthCheck: { interval: 5, timeout: 5 } },
      /smaller than the interval/,
    ],
    [
      "a cookie's second",
      { stickiness: { type: "lb_cookie", cookieDuration: 1 } },
      { stickiness: { type: "lb_cookie", cookieDuration: 0 } },
      /cookieDuration/,
    ],
    [
      "a cookie's week",
      { stickiness: { type: "lb_cookie", cookieDuration: 604_800 } },
      { stickiness: { type: "lb_cookie", cookieDuration: 604_801 } },
      /cookieDuration/,
    ],
    ["a path", { healthCheck: { path: "/a" } }, { healthCheck: { path: "a" } }, /path/],
    [
      "algorithms",
      { loadBalancingAlgorithmType: "round_robin" },
      { loadBalancingAlgorithmType: "roundRobin" },
      /loadBalancingAlgorithmType/,
    ],
  ],
  "aws:lb/listener:Listener": [
    ["a port of its own", { port: 81 }, { port: 80 }, /DuplicateListener/],
    ["a certificate", {}, { protocol: "HTTPS" }, /certificate must be specified/],
  ],
  "aws:acm/certificate:Certificate": [
    ["names", { subjectAlternativeNames: domains(9) }, { subjectAlternativeNames: domains(10) }, /LimitExceeded/],
    ["a label", { domainName: `${letters(63)}.com` }, { domainName: `${letters(64)}.com` }, /domainName/],
    ["a wildcard", { domainName: "*.example.com" }, { domainName: "*.*.example.com" }, /domainName/],
  ],
  "aws:route53/record:Record": [
    ["addresses", { type: "A", records: ["192.0.2.1"] }, { type: "A", records: ["192.0.2"] }, /IPv4/],
    ["a name of the zone", { name: "a.example.com" }, { name: "a.example.org" }, /not permitted in zone/],
    ["no alias at its top", { name: "a.example.com", type: "CNAME" }, { name: "example.com", type: "CNAME" }, /apex/],
    [
      "names that are free",
      { name: "a.example.com", type: "A", records: ["192.0.2.1"] },
      { name: "www.example.com", type: "A", records: ["192.0.2.1"] },
      /already exists/,
    ],
    ["a time to live", {}, { ttl: undefined }, /needs a TTL/],
    ["zones that are there", {}, { zoneId: "Z1EXAMPLE" }, /NoSuchHostedZone/],
  ],
  "aws:iam/role:Role": [
    [
      "actions with a service",
      { assumeRolePolicy: trust("ecs-tasks.amazonaws.com", "sts:AssumeRole") },
      { assumeRolePolicy: trust("ecs-tasks.amazonaws.com", "AssumeRole") },
      /vendor/,
    ],
  ],
  "aws:iam/rolePolicy:RolePolicy": [
    ["a policy's length", { policy: json(10_240) }, { policy: json(10_241) }, /LimitExceeded/],
    ["effects", { policy: policy({ Effect: "Deny" }) }, { policy: policy({ Effect: "deny" }) }, /Effect/],
    [
      "resources",
      { policy: policy({ Resource: "arn:aws:s3:::a" }) },
      { policy: policy({ Resource: "s3:::a" }) },
      /ARN format/,
    ],
    ["no principal", { policy: policy({}) }, { policy: policy({ Principal: "*" }) }, /principal/],
    ["keys", { policy: policy({ Sid: "a" }) }, { policy: policy({ Id: "a" }) }, /Syntax errors/],
  ],
  "aws:cloudwatch/logGroup:LogGroup": [
    ["days that AWS offers", { retentionInDays: 30 }, { retentionInDays: 31 }, /retentionInDays/],
    ["no end", { retentionInDays: 0 }, { retentionInDays: -1 }, /retentionInDays/],
    ["a name's letters", { name: "/a.b#c" }, { name: "/a b" }, /name/],
  ],
  "aws:secretsmanager/secret:Secret": [
    ["the least days", { recoveryWindowInDays: 7 }, { recoveryWindowInDays: 6 }, /recoveryWindowInDays/],
    ["the most days", { recoveryWindowInDays: 30 }, { recoveryWindowInDays: 31 }, /recoveryWindowInDays/],
    ["none", { recoveryWindowInDays: 0 }, { recoveryWindowInDays: 1 }, /recoveryWindowInDays/],
  ],
  "aws:secretsmanager/secretVersion:SecretVersion": [
    ["bytes", { secretString: letters(65_536) }, { secretString: letters(65_537) }, /secretString/],
  ],
  "aws:ecr/repository:Repository": [["small letters", { name: "shop" }, { name: "Shop" }, /name/]],
  "aws:ecr/lifecyclePolicy:LifecyclePolicy": [
    ["images", { policy: lifecycle(1) }, { policy: lifecycle(0) }, /countNumber/],
  ],
  "aws:ecs/cluster:Cluster": [["a name", { name: letters(255) }, { name: letters(256) }, /name/]],
  "aws:ecs/taskDefinition:TaskDefinition": [
    ["memory for a quarter", sized(256, 2048), sized(256, 3072), /No Fargate configuration/],
    ["memory for a half", sized(512, 1024), sized(512, 512), /No Fargate configuration/],
    ["memory for sixteen", sized(16_384, 122_880), sized(16_384, 131_072), /No Fargate configuration/],
    ["processors", sized(16_384, 32_768), sized(32_768, 65_536), /No Fargate configuration/],
    ["a family", { family: letters(255) }, { family: letters(256) }, /family/],
    ["Fargate's network", {}, { networkMode: "bridge" }, /awsvpc/],
    ["a container's name", one({ name: letters(255) }), one({ name: letters(256) }), /name/],
    ["memory of a container", one({ memory: 6 }), one({ memory: 5 }), /less than 6 MiB/],
    ["memory of the task", one({ memory: 512 }), one({ memory: 513 }), /more than the task's/],
    ["processors of the task", one({ cpu: 256 }), one({ cpu: 257 }), /CPU units/],
    ["seconds to stop", one({ stopTimeout: 120 }), one({ stopTimeout: 121 }), /stopTimeout/],
    ["seconds to stop at least", one({ stopTimeout: 2 }), one({ stopTimeout: 1 }), /stopTimeout/],
    ["a check's interval", health({ interval: 300 }), health({ interval: 301 }), /interval/],
    ["a check's least interval", health({ interval: 5 }), health({ interval: 4 }), /interval/],
    ["a check's time", health({ timeout: 60 }), health({ timeout: 61 }), /timeout/],
    ["a check's least time", health({ timeout: 2 }), health({ timeout: 1 }), /timeout/],
    ["a check's retries", health({ retries: 10 }), health({ retries: 11 }), /retries/],
    ["a check's start", health({ startPeriod: 300 }), health({ startPeriod: 301 }), /startPeriod/],
    ["an essential one", one({ essential: true }), one({ essential: false }), /essential/],
    [
      "who has a check",
      after("HEALTHY", { healthCheck: { command: ["CMD", "true"] } }),
      after("HEALTHY", {}),
      /has no check/,
    ],
    ["who may end", after("SUCCESS", { essential: false }), after("SUCCESS", {}), /essential/],
    ["conditions", after("START", {}), after("STARTED", {}), /condition/],
    ["properties", one({ readonlyRootFilesystem: true }), one({ readOnlyRootFilesystem: true }), /is no property/],
  ],
  "aws:ecs/service:Service": [
    ["tasks", { desiredCount: 0 }, { desiredCount: -1 }, /desiredCount/],
    ["most tasks", { desiredCount: 5000 }, { desiredCount: 5001 }, /desiredCount/],
    ["room for a rollout", { deploymentMaximumPercent: 101 }, { deploymentMaximumPercent: 100 }, /100/],
    ["Fargate's network", {}, { networkConfiguration: undefined }, /Network Configuration/],
  ],
  "aws:rds/instance:Instance": [
    ["storage", { allocatedStorage: 20 }, { allocatedStorage: 19 }, /allocatedStorage/],
    ["most storage", { allocatedStorage: 65_536 }, { allocatedStorage: 65_537 }, /allocatedStorage/],
    ["a password", { password: letters(8) }, { password: letters(7) }, /password/],
    ["a long password", { password: letters(128) }, { password: letters(129) }, /password/],
    ["its letters", { password: `${letters(8)}!` }, { password: `${letters(8)}@` }, /password|ASCII/],
    ["one password", {}, { manageMasterUserPassword: true }, /InvalidParameterCombination/],
    ["a name", { identifier: "a-b" }, { identifier: "a--b" }, /identifier/i],
    ["users", { username: "admin1" }, { username: "admin" }, /reserved word/],
    ["a user's name", { username: letters(63) }, { username: letters(64) }, /username/i],
    ["classes", { instanceClass: "db.t4g.micro" }, { instanceClass: "t4g.micro" }, /class/],
    ["versions", { engineVersion: "17.1" }, { engineVersion: "17.x" }, /Cannot find version/],
    ["a last snapshot", {}, { skipFinalSnapshot: false }, /FinalDBSnapshotIdentifier/],
  ],
  "aws:rds/subnetGroup:SubnetGroup": [["a name", { name: letters(255) }, { name: letters(256) }, /name/]],
  "aws:rds/parameterGroup:ParameterGroup": [["families", { family: "postgres18" }, { family: "postgres19" }, /Family/]],
  "aws:s3/bucket:Bucket": [
    ["a name", { bucket: letters(3) }, { bucket: letters(2) }, /InvalidBucketName/],
    ["no address", { bucket: "192.0.2" }, { bucket: "192.0.2.1" }, /InvalidBucketName/],
    ["dots", { bucket: "a.b.c" }, { bucket: "a..b" }, /InvalidBucketName/],
  ],
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": [
    [
      "a rule's id",
      { rules: [{ id: letters(255), status: "Enabled" }] },
      { rules: [{ id: letters(256), status: "Enabled" }] },
      /255/,
    ],
  ],
};
