/**
 * One model of every time limit between a visitor and the application, in seconds. nginx.conf, Gunicorn's settings and the
 * containers' stop times are rendered from it. A limit that is not set does not exist in the stack.
 */
export interface Timeouts {
  /** How long nginx waits for a visitor: idle connection, request head, and between two reads or writes of a body. */
  readonly client: {
    readonly keepalive: number;
    readonly header: number;
    readonly body: number;
    readonly send: number;
  };
  readonly upstream: {
    /** Until Gunicorn takes the connection. */
    readonly connect: number;
    /** How long after its start a request may still be given to another Gunicorn. */
    readonly retry: number;
    /** How long nginx waits for the answer of an ordinary page. */
    readonly read: number;
    /** The same for the path that may take longest. */
    readonly longestRead: number;
    /** How long nginx keeps an idle connection to Gunicorn. Absent: a connection for each request (docs/nginx.md, Presets). */
    readonly keepalive?: number;
  };
  readonly gunicorn: {
    /** After which Gunicorn kills a silent worker. */
    readonly worker: number;
    /** How long requests in progress may finish when Gunicorn stops. */
    readonly graceful: number;
    readonly keepAlive: number;
  };
  /** How long requests in progress may finish when nginx stops or reloads. */
  readonly nginxShutdown: number;
  /** How long after the stop signal Docker or ECS kills the container. */
  readonly stop: { readonly gunicorn: number; readonly nginx: number };
  /** How long Pulumi's docker provider waits for a stopping container before it kills it. */
  readonly destroy: { readonly gunicorn: number; readonly nginx: number };
  readonly health: { readonly interval: number; readonly timeout: number; readonly retries: number };
  readonly loadBalancer?: LoadBalancerTimes;
  /** How ECS replaces tasks. */
  readonly rollout?: Rollout;
  /** Connections to the database that a rollout can hold open, and what the database accepts. */
  readonly database?: { readonly needed: number; readonly accepted: number };
  /** nginx's connections and open files for each worker: the time limits above decide how long they are held. */
  readonly worker: { readonly connections: number; readonly files: number };
  /** Requests that the Gunicorns behind one nginx work on at the same time. */
  readonly concurrency?: number;
}

export interface LoadBalancerTimes {
  /** After which it closes a connection on which nothing moves. */
  readonly idle: number;
  /** How long requests in progress may finish when a target leaves, before the task is told to stop. */
  readonly deregistration: number;
  /** How it asks nginx; a target is out after so many failures. */
  readonly health: { readonly interval: number; readonly timeout: number; readonly unhealthy: number };
  /** How long a new target gets fewer requests; 0, for the algorithm of least outstanding requests has none. */
  readonly slowStart: number;
}

export interface Rollout {
  /** Tasks of the service. */
  readonly desired: number;
  readonly minimumPercent: number;
  readonly maximumPercent: number;
  /** How long after its start ECS overlooks what the load balancer says of a task. */
  readonly grace: number;
  /** How long after its start a failed health check of a container does not count. */
  readonly startPeriod: { readonly gunicorn: number; readonly nginx: number };
  /** Longest time between the stop signal and SIGKILL that the platform allows. */
  readonly mostStop: number;
  /** When the deployment gives up waiting for the rollout; see `rolloutSeconds`. */
  readonly deadline: number;
}

/** How much longer nginx waits than Gunicorn, so that the innermost layer fails first. */
const MARGIN = 5;

/**
 * The ladder that follows from the one setting.
 *
 * @param request What an ordinary request may take, in seconds.
 * @param longest What the slowest path may take, where a path has a limit of its own.
 */
export function deriveTimeouts(request: number, longest: number = request): Timeouts {
  const slowest = Math.max(request, longest);
  const longestRead = readTimeout(slowest);
  const nginxShutdown = longestRead + RETRY;
  const stop = { gunicorn: longestRead + MARGIN, nginx: nginxShutdown + MARGIN };
  return {
    client: { keepalive: 75, header: 10, body: 15, send: 30 },
    upstream: { connect: 2, retry: RETRY, read: readTimeout(request), longestRead },
    gunicorn: { worker: Math.max(slowest, LEAST_SILENCE), graceful: longestRead, keepAlive: 5 },
    nginxShutdown,
    stop,
    destroy: stop,
    health: { interval: 15, timeout: 5, retries: 3 },
    worker: { connections: 4096, files: 16_384 },
  };
}

/**
 * The ladder where nginx keeps connections to Gunicorn: Gunicorn keeps them for longer, or nginx would send a POST on one that
 * is being closed (13 to 34 of 1,280 failed, measured).
 */
export const withKeptConnections = (ladder: Timeouts): Timeouts => ({
  ...ladder,
  upstream: { ...ladder.upstream, keepalive: 15 },
  gunicorn: { ...ladder.gunicorn, keepAlive: 20 },
});

/**
 * Workers give a sign of life each second: with a limit of 1 Gunicorn kills one now and then that works well (measured: a
 * `gthread` worker without any request, within 30 to 90 s).
 */
const LEAST_SILENCE = 3;

/** Below the shortest read time limit: a request that Gunicorn is working on is never run a second time. */
const RETRY = 5;

/** How long nginx waits for an answer that may take Gunicorn so many seconds. */
export const readTimeout = (request: number): number => request + MARGIN;
