/** How Gunicorn handles requests: one process a request, or a pool of threads in each process. */
export type WorkerClass = "sync" | "gthread";

export interface ContainerSize {
  /** vCPUs of the container; fractions allowed. */
  readonly cpu: number;
  /** Memory limit of the container in MiB. */
  readonly memoryMiB: number;
}

export interface Concurrency {
  readonly workers: number;
  /** Threads of each worker; 1 with `sync`. */
  readonly threads: number;
}

/** Resident memory assumed for one Django worker process, in MiB. Override `workers` when yours is larger. */
export const ASSUMED_WORKER_MIB = 100;

/** Share of the container's memory that workers may take; the rest is the arbiter, page cache and peaks. */
const MEMORY_SHARE = 0.8;

/** Gunicorn recommends 2-4 threads for each core: https://docs.gunicorn.org/en/stable/design.html#how-many-threads */
const DEFAULT_THREADS = 4;

/**
 * Workers and threads for a container of this size: Gunicorn's `2 × cores + 1` for `sync`, `2 × cores` processes of 4
 * threads for `gthread`, never more than fit into 80 % of the memory, never fewer than 1. The container's size counts,
 * never the machine's: a Fargate task of a quarter vCPU reports 2 CPUs (benoitc/gunicorn#2888).
 */
export function concurrency(size: ContainerSize, workerClass: WorkerClass): Concurrency {
  const byCpu = workerClass === "sync" ? Math.floor(2 * size.cpu) + 1 : Math.max(1, Math.floor(2 * size.cpu));
  const byMemory = Math.floor((size.memoryMiB * MEMORY_SHARE) / ASSUMED_WORKER_MIB);
  return {
    workers: Math.max(1, Math.min(byCpu, byMemory)),
    threads: workerClass === "sync" ? 1 : DEFAULT_THREADS,
  };
}
