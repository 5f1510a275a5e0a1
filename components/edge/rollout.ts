import { FARGATE_MOST_STOP_SECONDS } from "../host/fargate.ts";
import { behindLoadBalancer } from "./load-balancer.ts";
import type { LoadBalancerTimes, Rollout, Timeouts } from "./timeouts.ts";

const MINIMUM_PERCENT = 100;
const MAXIMUM_PERCENT = 200;
/** A quarter of a vCPU takes long over the imports of a large project. */
const START_PERIOD = { gunicorn: 120, nginx: 10 };
/** A container on ECS may be asked more often than one whose check starts a process on the developer's machine. */
const CONTAINER_HEALTH = { interval: 10, timeout: 5, retries: 3 };
/** Of the database's connections, kept for its own superusers and for people. */
export const SPARE_CONNECTIONS = 10;

/** A ladder with all that ECS and a load balancer add. */
export type EcsTimeouts = Timeouts & { readonly loadBalancer: LoadBalancerTimes; readonly rollout: Rollout };

/**
 * The whole ladder of a service on ECS.
 *
 * @param plain The ladder of nginx and Gunicorn.
 * @param service Number of tasks, and the requests that one of them works on at the same time.
 * @param accepted Connections that the database accepts; absent where it is unknown, or there is none.
 */
export function onEcs(
  plain: Timeouts,
  service: { readonly replicas: number; readonly concurrency: number },
  accepted?: number,
): EcsTimeouts {
  const edge = behindLoadBalancer(plain);
  const { replicas: desired, concurrency } = service;
  const { health } = edge.loadBalancer;
  const settled = {
    desired,
    minimumPercent: MINIMUM_PERCENT,
    maximumPercent: MAXIMUM_PERCENT,
    grace: START_PERIOD.gunicorn + START_PERIOD.nginx + health.interval + health.timeout + 5,
    startPeriod: START_PERIOD,
    mostStop: FARGATE_MOST_STOP_SECONDS,
  };
  const ladder = { ...edge, health: CONTAINER_HEALTH, concurrency };
  return {
    ...ladder,
    rollout: { ...settled, deadline: rolloutSeconds({ ...ladder, rollout: settled }) },
    ...(accepted !== undefined && {
      // A connection for each thread; during a rollout the old tasks and the new ones.
      database: { needed: mostTasks(settled) * concurrency, accepted },
    }),
  };
}

/** How many tasks there can be at the same time. */
export const mostTasks = ({ desired, maximumPercent }: Pick<Rollout, "desired" | "maximumPercent">): number =>
  Math.floor((desired * maximumPercent) / 100);

/** Connections to the database that each of so many tasks may hold, old and new ones side by side. */
export const connectionsOfTask = (replicas: number, accepted: number): number =>
  (accepted - SPARE_CONNECTIONS) / mostTasks({ desired: replicas, maximumPercent: MAXIMUM_PERCENT });

/** The same for containers that are replaced one after the other, while one more is tried. */
export const connectionsOfContainer = (replicas: number, accepted: number): number =>
  (accepted - SPARE_CONNECTIONS) / (replicas + 1);

/** Seconds for scheduling, pulling an image and attaching to the load balancer, for each wave of new tasks. */
const WAVE_OVERHEAD = 60;

/**
 * Longest time that ECS may take over a rollout: until its circuit breaker has counted enough failures, each waited out to
 * the end, and then one that works. ECS gives up after half of the tasks, at least 3 and at most 200.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-circuit-breaker.html
 */
export function rolloutSeconds(
  ladder: Omit<EcsTimeouts, "rollout"> & { readonly rollout: Omit<Rollout, "deadline"> },
): number {
  const { rollout, loadBalancer, stop } = ladder;
  const failures = Math.min(200, Math.max(3, Math.ceil(rollout.desired / 2)));
  const atOnce = Math.max(1, mostTasks(rollout) - rollout.desired);
  const eject = loadBalancer.health.interval * loadBalancer.health.unhealthy;
  const failing = rollout.grace + eject + loadBalancer.deregistration + stop.gunicorn + stop.nginx + WAVE_OVERHEAD;
  const working = rollout.grace + loadBalancer.deregistration + stop.gunicorn + stop.nginx + WAVE_OVERHEAD;
  return Math.ceil(failures / atOnce) * failing + Math.ceil(rollout.desired / atOnce) * working;
}
