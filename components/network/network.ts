import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { FlowLogs } from "./flow-logs.ts";
import { splitVpc } from "./subnets.ts";
import type { Profile } from "../shared/profile.ts";

/** How what runs in the VPC reaches the internet. */
export type Egress = "public-ip" | "nat" | "nat-per-zone";

export interface NetworkArgs {
  readonly profile: Profile;
  readonly region: string;
  readonly account: pulumi.Input<string>;
  /** Addresses of the VPC, from /16 to /23. */
  readonly cidr: string;
  /** Availability zones, 2 or 3. */
  readonly zones: number;
  readonly egress: Egress;
}

const ANYWHERE = "0.0.0.0/0";

/** A VPC of the stack's own: public and private subnets in each zone, and the one way out that the settings ask for. */
export class Network extends pulumi.ComponentResource {
  readonly vpcId: pulumi.Output<string>;
  readonly publicSubnetIds: readonly pulumi.Output<string>[];
  readonly privateSubnetIds: readonly pulumi.Output<string>[];
  /** Put these into `dependsOn` of what needs a way to the internet: nothing else refers to a route. */
  readonly routes: readonly pulumi.Resource[];

  constructor(name: string, args: NetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    super("wsgi-on-aws:index:Network", name, {}, opts);
    const parent = { parent: this };
    const cidrs = splitVpc(args.cidr, args.zones);
    const label = (part: string) => ({ tags: { Name: `${pulumi.getProject()}-${pulumi.getStack()}-${part}` } });

    const vpc = new aws.ec2.Vpc(
      `${name}-vpc`,
      { cidrBlock: args.cidr, enableDnsHostnames: true, enableDnsSupport: true, ...label("vpc") },
      parent,
    );
    new aws.ec2.DefaultSecurityGroup(`${name}-closed`, { vpcId: vpc.id, ingress: [], egress: [] }, parent);
    if (args.profile === "prod") {
      new FlowLogs(`${name}-flows`, { vpcId: vpc.id, account: args.account }, parent);
    }
    const gateway = new aws.ec2.InternetGateway(`${name}-igw`, { vpcId: vpc.id, ...label("igw") }, parent);

    const found = aws.getAvailabilityZonesOutput(
      { state: "available", filters: [{ name: "opt-in-status", values: ["opt-in-not-required"] }] }, // no local zones
      parent,
    );
    const subnets = (kind: "public" | "private") =>
      cidrs[kind].map(
        (cidrBlock, index) =>
          new aws.ec2.Subnet(
            `${name}-${kind}-${index + 1}`,
            {
              vpcId: vpc.id,
              cidrBlock,
              availabilityZone: found.names.apply((names) => zoneAt(names, index)),
              mapPublicIpOnLaunch: false,
              ...label(`${kind}-${index + 1}`),
            },
            parent,
          ),
      );
    const [publics, privates] = [subnets("public"), subnets("private")];

    const routes: pulumi.Resource[] = [];
    /** One route table for some subnets, with its way out. */
    const table = (part: string, of: readonly aws.ec2.Subnet[], way?: Partial<aws.ec2.RouteArgs>) => {
      const made = new aws.ec2.RouteTable(`${name}-${part}`, { vpcId: vpc.id, ...label(part) }, parent);
      if (way) {
        const route = { routeTableId: made.id, destinationCidrBlock: ANYWHERE, ...way };
        routes.push(new aws.ec2.Route(`${name}-${part}-out`, route, parent));
      }
      for (const [index, { id: subnetId }] of of.entries()) {
        const association = { routeTableId: made.id, subnetId };
        routes.push(new aws.ec2.RouteTableAssociation(`${name}-${part}-${index + 1}`, association, parent));
      }
      return made.id;
    };
    const tables = [table("public-routes", publics, { gatewayId: gateway.id })];

    const nats = publics.slice(0, natCount(args)).map((subnet, index) => {
      const part = `nat-${index + 1}`;
      const eip = new aws.ec2.Eip(
        `${name}-${part}-ip`,
        { domain: "vpc", ...label(part) },
        { ...parent, dependsOn: [gateway] },
      );
      return new aws.ec2.NatGateway(
        `${name}-${part}`,
        { allocationId: eip.id, subnetId: subnet.id, ...label(part) },
        { ...parent, dependsOn: [...routes] },
      );
    });
    // A table of its own for each zone, whatever the way out: another egress then changes routes, and no subnet has to move
    // from one table to another, which AWS refuses as long as it is in the first.
    for (const [index, subnet] of privates.entries()) {
      const nat = nats[Math.min(index, nats.length - 1)];
      tables.push(table(`private-routes-${index + 1}`, [subnet], nat && { natGatewayId: nat.id }));
    }
    // Images lie in S3: through this door they cost no NAT traffic.
    const s3 = new aws.ec2.VpcEndpoint(
      `${name}-s3`,
      {
        vpcId: vpc.id,
        serviceName: `com.amazonaws.${args.region}.s3`,
        vpcEndpointType: "Gateway",
        routeTableIds: tables,
        ...label("s3"),
      },
      parent,
    );

    this.vpcId = vpc.id;
    this.publicSubnetIds = publics.map(({ id }) => id);
    this.privateSubnetIds = privates.map(({ id }) => id);
    this.routes = [...routes, s3];
    this.registerOutputs({ vpcId: this.vpcId });
  }
}

const natCount = ({ egress, zones }: NetworkArgs): number =>
  ({ "public-ip": 0, nat: 1, "nat-per-zone": zones })[egress];

function zoneAt(names: readonly string[], index: number): string {
  const found = names.toSorted()[index];
  if (found === undefined) {
    throw new pulumi.RunError(
      `zones: the region has ${names.length} availability zones only. Write zones: ${names.length}.`,
    );
  }
  return found;
}
