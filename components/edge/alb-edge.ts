import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Profile } from "../shared/profile.ts";
import { AccessLogs } from "./access-logs.ts";
import type { LoadBalancerTimes } from "./timeouts.ts";

/** TLS 1.2 and 1.3 with forward secrecy and post-quantum key exchange; AWS's own default is a policy of 2016. */
const TLS_POLICY = "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09";
/** A page and the CSS that it names come from one version of the application, also while two of them serve. */
const STICKY_SECONDS = 3600;

export interface AlbEdgeArgs {
  readonly profile: Profile;
  readonly account: pulumi.Input<string>;
  readonly vpcId: pulumi.Input<string>;
  /** Public subnets in two zones or more. */
  readonly subnetIds: readonly pulumi.Input<string>[];
  readonly securityGroupId: pulumi.Input<string>;
  /** Port of nginx. */
  readonly port: number;
  readonly healthPath: string;
  readonly times: LoadBalancerTimes;
  /** Which task gets a visitor's first request. */
  readonly balancing: "round_robin" | "least_outstanding_requests";
  readonly certificateArn: pulumi.Input<string>;
  /** First domain of the site; the URL. */
  readonly domains: readonly [string, ...string[]];
  /** Route 53 zone in which the domains get their addresses. Absent: DNS is elsewhere. */
  readonly zoneId?: pulumi.Input<string>;
  /** Routes and rules without which nobody reaches the load balancer. */
  readonly reachable: readonly pulumi.Resource[];
}

/** An Application Load Balancer that ends TLS with the ACM certificate and passes requests to nginx. */
export class AlbEdge extends pulumi.ComponentResource {
  readonly url: string;
  /** Address that a DNS record elsewhere has to point to. */
  readonly dnsName: pulumi.Output<string>;
  readonly targetGroupArn: pulumi.Output<string>;
  /** Listener on port 80, which sends visitors on to https. */
  readonly http: pulumi.Resource;
  readonly #name: string;
  readonly #https: aws.lb.ListenerArgs;

  constructor(name: string, args: AlbEdgeArgs, opts?: pulumi.ComponentResourceOptions) {
    super("wsgi-on-aws:index:AlbEdge", name, {}, opts);
    const parent = { parent: this };
    const { profile, times } = args;
    const logs = profile === "prod" ? new AccessLogs(`${name}-logs`, { account: args.account }, parent) : undefined;

    const balancer = new aws.lb.LoadBalancer(
      `${name}-lb`,
      {
        loadBalancerType: "application",
        internal: false, // the site's one public door
        subnets: [...args.subnetIds],
        securityGroups: [args.securityGroupId],
        idleTimeout: times.idle,
        dropInvalidHeaderFields: true,
        desyncMitigationMode: "defensive",
        xffHeaderProcessingMode: "append",
        enableDeletionProtection: profile === "prod",
        ...(logs && { accessLogs: { bucket: logs.bucket, enabled: true } }),
      },
      { ...parent, dependsOn: [...args.reachable, ...(logs ? [logs.writable] : [])] },
    );
    const targets = new aws.lb.TargetGroup(
      `${name}-tg`,
      {
        vpcId: args.vpcId,
        targetType: "ip",
        protocol: "HTTP",
        port: args.port,
        deregistrationDelay: times.deregistration,
        loadBalancingAlgorithmType: args.balancing,
        slowStart: times.slowStart,
        stickiness: { type: "lb_cookie", enabled: true, cookieDuration: STICKY_SECONDS },
        healthCheck: {
          path: args.healthPath,
          matcher: "200",
          interval: times.health.interval,
          timeout: times.health.timeout,
          healthyThreshold: 2,
          unhealthyThreshold: times.health.unhealthy,
        },
      },
      parent,
    );
    this.http = new aws.lb.Listener(
      `${name}-http`,
      {
        loadBalancerArn: balancer.arn,
        protocol: "HTTP",
        port: 80,
        defaultActions: [{ type: "redirect", redirect: { protocol: "HTTPS", port: "443", statusCode: "HTTP_301" } }],
      },
      parent,
    );
    this.#name = name;
    this.#https = {
      loadBalancerArn: balancer.arn,
      protocol: "HTTPS",
      port: 443,
      sslPolicy: TLS_POLICY,
      certificateArn: args.certificateArn,
      routingHttpResponseServerEnabled: false,
      defaultActions: [{ type: "forward", targetGroupArn: targets.arn }],
    };
    if (args.zoneId !== undefined) {
      const { zoneId } = args;
      for (const domain of args.domains) {
        new aws.route53.Record(
          `${name}-dns-${domain}`,
          {
            zoneId,
            name: domain,
            type: "A",
            aliases: [{ name: balancer.dnsName, zoneId: balancer.zoneId, evaluateTargetHealth: true }],
          },
          parent,
        );
      }
    }
    this.url = `https://${args.domains[0]}`;
    this.dnsName = balancer.dnsName;
    this.targetGroupArn = targets.arn;
    this.registerOutputs({ url: this.url, dnsName: this.dnsName });
  }

  /**
   * Opens port 443, once the certificate can serve.
   * @returns all listeners, for `dependsOn` of the service: a target group without a listener takes no tasks
   */
  listen(issued: readonly pulumi.Resource[]): readonly pulumi.Resource[] {
    const https = new aws.lb.Listener(`${this.#name}-https`, this.#https, { parent: this, dependsOn: [...issued] });
    return [this.http, https];
  }
}
