import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

export interface FirewallArgs {
  readonly vpcId: pulumi.Input<string>;
  /** Port of nginx inside a task. */
  readonly port: number;
  /** TCP ports beside 443 that tasks may reach outside, by name. */
  readonly egressPorts: Readonly<Record<string, number>>;
  /** Whether there is a PostgreSQL of the stack's own. */
  readonly database: boolean;
}

const ANYWHERE = "0.0.0.0/0";
const HTTPS = 443;
const HTTP = 80;
export const POSTGRES_PORT = 5432;

/** Who may speak to whom: internet → load balancer → nginx → database, and nothing else. Gunicorn listens on no port. */
export class Firewall extends pulumi.ComponentResource {
  readonly edgeGroupId: pulumi.Output<string>;
  readonly taskGroupId: pulumi.Output<string>;
  readonly databaseGroupId?: pulumi.Output<string>;
  /** Put these into `dependsOn` of what has to be reached: nothing else refers to a rule. */
  readonly rules: readonly pulumi.Resource[];

  constructor(name: string, args: FirewallArgs, opts?: pulumi.ComponentResourceOptions) {
    super("wsgi-on-aws:index:Firewall", name, {}, opts);
    const parent = { parent: this };
    const rules: pulumi.Resource[] = [];
    const group = (part: string, description: string) =>
      new aws.ec2.SecurityGroup(
        `${name}-${part}`,
        {
          vpcId: args.vpcId,
          description,
          tags: { Name: `${pulumi.getProject()}-${pulumi.getStack()}-${part}` },
        },
        parent,
      ).id;
    const tcp = (port: number) => ({ ipProtocol: "tcp", fromPort: port, toPort: port });
    /** From one group to another: a way out of the first, and in at the second. */
    const between = (
      part: string,
      description: string,
      from: pulumi.Output<string>,
      to: pulumi.Output<string>,
      port: number,
    ) => {
      const out = { securityGroupId: from, referencedSecurityGroupId: to, description, ...tcp(port) };
      const into = { securityGroupId: to, referencedSecurityGroupId: from, description, ...tcp(port) };
      rules.push(
        new aws.vpc.SecurityGroupEgressRule(`${name}-${part}-out`, out, parent),
        new aws.vpc.SecurityGroupIngressRule(`${name}-${part}-in`, into, parent),
      );
    };

    this.edgeGroupId = group("edge", "Load balancer: the public door of the site");
    this.taskGroupId = group("task", "Tasks: nginx and the application");
    for (const [part, port, description] of [
      ["http", HTTP, "Visitors, who are sent on to https"],
      ["https", HTTPS, "Visitors"],
    ] as const) {
      const rule = { securityGroupId: this.edgeGroupId, cidrIpv4: ANYWHERE, description, ...tcp(port) };
      rules.push(new aws.vpc.SecurityGroupIngressRule(`${name}-${part}-in`, rule, parent));
    }
    between("nginx", "Load balancer to nginx", this.edgeGroupId, this.taskGroupId, args.port);
    for (const [part, port] of [["https", HTTPS] as const, ...Object.entries(args.egressPorts)]) {
      const description = `Tasks to the internet: ${part}`;
      const rule = { securityGroupId: this.taskGroupId, cidrIpv4: ANYWHERE, description, ...tcp(port) };
      rules.push(new aws.vpc.SecurityGroupEgressRule(`${name}-to-${part}`, rule, parent));
    }
    if (args.database) {
      this.databaseGroupId = group("database", "Database: reached by tasks only");
      between("postgres", "Tasks to the database", this.taskGroupId, this.databaseGroupId, POSTGRES_PORT);
    }
    this.rules = rules;
    this.registerOutputs({ edgeGroupId: this.edgeGroupId, taskGroupId: this.taskGroupId });
  }
}
