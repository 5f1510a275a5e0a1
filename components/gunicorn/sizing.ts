/** Gunicorn's worker classes that can be chosen; the first is the default. */
export const WORKER_CLASSES = ["gthread", "sync", "gevent", "uvicorn"] as const;

/**
 * How a worker process handles requests: one at a time (`sync`), by a pool of threads (`gthread`), by greenlets on one
 * thread (`gevent`), or as coroutines of an ASGI application (`uvicorn`).
 */
export type WorkerClass = (typeof WORKER_CLASSES)[number];

/** Whether Gunicorn's `worker_connections` decides how many requests a worker of the class takes, not threads. */
export const takesConnections = (workerClass: WorkerClass): boolean =>
  workerClass === "gevent" || workerClass === "uvicorn";

export interface ContainerSize {
  /** vCPUs of the container; fractions allowed. */
  readonly cpu: number;
  /** Memory limit of the container in MiB. */
  readonly memoryMiB: number;
}

export interface Concurrency {
  readonly workers: number;
  /** Requests that each worker works on at the same time; 1 with `sync`. */
  readonly perWorker: number;
}

/** What the settings say themselves, by their names; what is absent follows from the container. */
export interface AskedConcurrency {
  readonly workers?: number;
  /** Only with `gthread`. */
  readonly threads?: number;
  /** Only with `gevent` and `uvicorn`. */
  readonly workerConnections?: number;
}

/** Resident memory assumed for one Django worker process, in MiB. Override `workers` when yours is larger. */
export const ASSUMED_WORKER_MIB = 100;

/** Share of the container's memory that workers may take; the rest is the arbiter, page cache and peaks. */
const MEMORY_SHARE = 0.8;

/** Gunicorn recommends 2-4 threads for each core: https://docs.gunicorn.org/en/stable/design.html#how-many-threads */
const DEFAULT_THREADS = 4;

/**
 * Requests of a worker whose requests are no threads. Gunicorn's own 1000
 * (https://docs.gunicorn.org/en/stable/settings.html#worker-connections) is no bound in practice: each request may hold a
 * connection to the database, and PostgreSQL's own limit is 100.
 */
export const DEFAULT_CONNECTIONS = 100;

/**
 * Workers of a container of this size and the requests of each: Gunicorn's `2 × cores + 1` workers for `sync`, `2 × cores` for
 * the others, never more than fit into 80 % of the memory, never fewer than 1. The container's size counts, never the
 * machine's: a Fargate task of a quarter vCPU reports 2 CPUs (benoitc/gunicorn#2888).
 *
 * @param most Requests that the container may work on at the same time, for the default of `workerConnections`: those that
 *   nginx and the database have connections for. Absent: any number.
 */
export function concurrency(
  size: ContainerSize,
  workerClass: WorkerClass,
  asked: AskedConcurrency = {},
  most = Infinity,
): Concurrency {
  const byCpu = workerClass === "sync" ? Math.floor(2 * size.cpu) + 1 : Math.max(1, Math.floor(2 * size.cpu));
  const byMemory = Math.floor((size.memoryMiB * MEMORY_SHARE) / ASSUMED_WORKER_MIB);
  const workers = asked.workers ?? Math.max(1, Math.min(byCpu, byMemory));
  return { workers, perWorker: requestsOfWorker(workerClass, asked, most / workers) };
}

function requestsOfWorker(workerClass: WorkerClass, asked: AskedConcurrency, most: number): number {
  if (workerClass === "sync") return 1;
  if (workerClass === "gthread") return asked.threads ?? DEFAULT_THREADS;
  return asked.workerConnections ?? Math.max(1, Math.min(DEFAULT_CONNECTIONS, Math.floor(most)));
}
