import { ROLLOUT_RULES } from "./rollout-rules.ts";
import { rule, violations } from "./rule.ts";
import type { Rule, Violation } from "./rule.ts";
import type { Timeouts } from "./timeouts.ts";

/**
 * Sources: AWS's advice for load balancers (client side), the races measured with nginx and Gunicorn (upstream side), the
 * drain order of Docker and ECS, gixy-ng's worker_rlimit_nofile_vs_connections.
 */
const SERVING_RULES: readonly Rule[] = [
  rule(
    "client-keepalive",
    (t) => t.loadBalancer?.idle,
    5,
    (t) => t.client.keepalive,
    "the load balancer reuses a connection that nginx is closing, and answers 502",
  ),
  rule(
    "upstream-keepalive",
    (t) => t.upstream.keepalive,
    2,
    (t) => t.gunicorn.keepAlive,
    "nginx reuses a connection that Gunicorn is closing, and a POST fails with 502",
  ),
  rule(
    "gunicorn-before-nginx",
    (t) => t.gunicorn.worker,
    1,
    (t) => t.upstream.longestRead,
    "nginx gives up before Gunicorn, which works on for nobody",
  ),
  rule(
    "ordinary-read",
    (t) => t.upstream.read,
    0,
    (t) => t.upstream.longestRead,
    "the longest wait is not the longest",
  ),
  rule(
    "retry-before-read",
    (t) => t.upstream.retry,
    1,
    (t) => t.upstream.read,
    "a request that Gunicorn is working on is run a second time",
  ),
  rule(
    "connect-before-retry",
    (t) => t.upstream.connect,
    1,
    (t) => t.upstream.retry,
    "a Gunicorn that does not answer uses up the time for the retry",
  ),
  rule(
    "nginx-before-load-balancer",
    (t) => t.upstream.longestRead,
    1,
    (t) => t.loadBalancer?.idle,
    "the load balancer gives up before nginx can say 504",
  ),
  rule(
    "deregistration",
    (t) => t.upstream.longestRead,
    5,
    (t) => t.loadBalancer?.deregistration,
    "requests in progress are cut when a target leaves",
  ),
  rule(
    "gunicorn-graceful",
    (t) => t.upstream.longestRead,
    0,
    (t) => t.gunicorn.graceful,
    "requests in progress are cut when Gunicorn stops",
  ),
  rule(
    "gunicorn-stop",
    (t) => t.gunicorn.graceful,
    5,
    (t) => t.stop.gunicorn,
    "Gunicorn is killed before it has finished",
  ),
  rule(
    "nginx-shutdown",
    (t) => t.upstream.retry + t.upstream.longestRead,
    0,
    (t) => t.nginxShutdown,
    "requests in progress are cut when nginx stops or reloads",
  ),
  rule(
    "nginx-stop",
    (t) => t.nginxShutdown,
    5,
    (t) => t.stop.nginx,
    "nginx is killed before it has finished",
  ),
  rule(
    "gunicorn-destroy",
    (t) => t.stop.gunicorn,
    0,
    (t) => t.destroy.gunicorn,
    "Gunicorn is killed before it has finished",
  ),
  rule(
    "nginx-destroy",
    (t) => t.stop.nginx,
    0,
    (t) => t.destroy.nginx,
    "nginx is killed before it has finished",
  ),
  rule(
    "health-timeout",
    (t) => t.health.timeout,
    1,
    (t) => t.health.interval,
    "health checks overlap",
  ),
  rule(
    "health-eject",
    (t) => t.health.interval * t.health.retries,
    0,
    () => 60,
    "a dead container is noticed after more than a minute",
  ),
  rule(
    "open-files",
    (t) => 2 * t.worker.connections,
    0,
    (t) => t.worker.files,
    "nginx runs out of files before it runs out of connections",
  ),
];

const RULES = [...SERVING_RULES, ...ROLLOUT_RULES];

/** Names every relation of the ladder that does not hold; an empty list means that the limits fit together. */
export const checkTimeouts = (timeouts: Timeouts): Violation[] => violations(RULES, timeouts);

/** The names of all relations, in their order. */
export const RULE_NAMES: readonly string[] = RULES.map(({ name }) => name);
