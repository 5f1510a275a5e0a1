import { rolloutSeconds, SPARE_CONNECTIONS } from "./rollout.ts";
import { rule, type Rule } from "./rule.ts";
import type { Rollout, Timeouts } from "./timeouts.ts";

const ofRollout =
  (value: (rollout: Rollout) => number) =>
  ({ rollout }: Timeouts): number | undefined =>
    rollout && value(rollout);

/** What holds for tasks that ECS replaces behind a load balancer. Sources: the documentation of ECS and of the ALB. */
export const ROLLOUT_RULES: readonly Rule[] = [
  rule(
    "fargate-stop-gunicorn",
    (t) => t.stop.gunicorn,
    0,
    ofRollout(({ mostStop }) => mostStop),
    "Fargate kills Gunicorn before it has finished",
  ),
  rule(
    "fargate-stop-nginx",
    (t) => t.stop.nginx,
    0,
    ofRollout(({ mostStop }) => mostStop),
    "Fargate kills nginx before it has finished",
  ),
  rule(
    "target-timeout",
    (t) => t.loadBalancer?.health.timeout,
    1,
    (t) => t.loadBalancer?.health.interval,
    "health checks of the load balancer overlap",
  ),
  rule(
    "target-eject",
    (t) => t.loadBalancer && t.loadBalancer.health.interval * t.loadBalancer.health.unhealthy,
    0,
    () => 60,
    "a dead task gets requests for more than a minute",
  ),
  rule(
    "slow-start",
    (t) => t.loadBalancer?.slowStart,
    0,
    () => 0,
    "the algorithm of least outstanding requests has no slow start",
  ),
  rule(
    "grace",
    (t) =>
      t.rollout &&
      t.loadBalancer &&
      t.rollout.startPeriod.gunicorn + t.rollout.startPeriod.nginx + t.loadBalancer.health.interval,
    5,
    ofRollout(({ grace }) => grace),
    "the load balancer condemns tasks that are still starting",
  ),
  rule(
    "grace-detection",
    (t) => t.rollout && t.rollout.startPeriod.gunicorn + t.health.retries * t.health.interval,
    0,
    ofRollout(({ grace }) => grace),
    "the load balancer condemns a task before its own health check has said why",
  ),
  rule(
    "start-period",
    ofRollout(({ startPeriod }) => Math.max(startPeriod.gunicorn, startPeriod.nginx)),
    0,
    (t) => t.rollout && 300,
    "ECS takes no longer start period",
  ),
  rule(
    "rollout-keeps",
    (t) => t.rollout && 100,
    0,
    ofRollout(({ minimumPercent }) => minimumPercent),
    "a rollout stops tasks before the new ones work",
  ),
  rule(
    "rollout-moves",
    ofRollout(({ desired, minimumPercent }) => Math.ceil((desired * minimumPercent) / 100)),
    1,
    ofRollout(({ desired, maximumPercent }) => Math.floor((desired * maximumPercent) / 100)),
    "a rollout can neither start a task nor stop one",
  ),
  rule(
    "live-deadline",
    ({ rollout, loadBalancer, ...rest }) =>
      rollout && loadBalancer && rolloutSeconds({ ...rest, rollout, loadBalancer }),
    0,
    ofRollout(({ deadline }) => deadline),
    "the deployment gives up before ECS has decided",
  ),
  rule(
    "database-connections",
    (t) => t.database?.needed,
    SPARE_CONNECTIONS,
    (t) => t.database?.accepted,
    "the database refuses connections during a rollout",
  ),
  rule(
    "connections",
    (t) => t.concurrency && 2 * t.concurrency,
    0,
    (t) => t.worker.connections,
    "nginx runs out of connections before Gunicorn does",
  ),
];
