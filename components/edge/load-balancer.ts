import type { LoadBalancerTimes, Timeouts } from "./timeouts.ts";

/** An ALB closes an idle connection after a minute unless told otherwise. */
const SHORTEST_IDLE = 60;
const MARGIN = 5;

/**
 * The ladder behind an Application Load Balancer: it outwaits nginx, and nginx keeps a connection for longer than it does,
 * or it would send a request on a connection that nginx is closing.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-load-balancer-attributes.html
 */
export function behindLoadBalancer(plain: Timeouts): Timeouts & { readonly loadBalancer: LoadBalancerTimes } {
  const { longestRead } = plain.upstream;
  const idle = Math.max(SHORTEST_IDLE, longestRead + MARGIN);
  return {
    ...plain,
    client: { ...plain.client, keepalive: Math.max(plain.client.keepalive, idle + MARGIN) },
    loadBalancer: {
      idle,
      deregistration: longestRead + MARGIN,
      health: { interval: 15, timeout: 5, unhealthy: 3 },
      slowStart: 0,
    },
  };
}
