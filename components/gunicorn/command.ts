import type { Concurrency, WorkerClass } from "./sizing.ts";

export interface GunicornOptions extends Concurrency {
  /** Module and callable, as `mysite.wsgi:application`; for `uvicorn` that of ASGI. */
  readonly module: string;
  readonly bind: { readonly socket: string } | { readonly port: number };
  readonly workerClass: WorkerClass;
  /** Requests after which a worker is replaced; 0 for never. */
  readonly maxRequests: number;
  /** Seconds, from the timeout ladder (components/edge/timeouts.ts). */
  readonly timeouts: { readonly worker: number; readonly graceful: number; readonly keepAlive: number };
}

/** Classes of the image's own runtime package lose no request over a stop, and no thread over a view that hangs: what Gunicorn's own lack stands there. */
const CLASSES: Readonly<Record<WorkerClass, string>> = {
  sync: "wsgi_on_aws.workers.SyncWorker",
  gthread: "wsgi_on_aws.workers.ThreadWorker",
  gevent: "gevent",
  uvicorn: "wsgi_on_aws.uvicorn_worker.UvicornWorker",
};

/**
 * Gunicorn's command line. Options on it win over a `gunicorn.conf.py` of the project, whose hooks still run. A command
 * line, not a file, for it reaches a container on every host without a volume.
 *
 * `--timeout` is the longest silence of a worker. Only a `sync` worker is silent while it works: the other classes give signs
 * of life beside their requests, which nginx's time limit ends for the visitor. They are killed when something holds the
 * process itself: with `gevent` and `uvicorn` that is any view that computes for so long.
 */
export function gunicornCommand(options: GunicornOptions): string[] {
  const { bind, timeouts, maxRequests } = options;
  return [
    "gunicorn",
    ...listenOn(bind, options.workerClass),
    ...["--worker-class", CLASSES[options.workerClass], "--workers", String(options.workers)],
    ...requestsOfWorker(options),
    // Spread, or all workers would be replaced at the same moment.
    ...(maxRequests === 0
      ? []
      : ["--max-requests", String(maxRequests), "--max-requests-jitter", String(Math.floor(maxRequests / 10))]),
    ...["--timeout", String(timeouts.worker), "--graceful-timeout", String(timeouts.graceful)],
    ...["--keep-alive", String(timeouts.keepAlive)],
    // The heartbeat of a worker must not wait for a disk: https://docs.gunicorn.org/en/stable/faq.html#blocking-os-fchmod
    ...["--worker-tmp-dir", "/dev/shm"],
    options.module,
  ];
}

function listenOn(bind: GunicornOptions["bind"], workerClass: WorkerClass): string[] {
  const trustAll = ["--forwarded-allow-ips", "*"];
  // Nothing but the stack's own network reaches this port, and there only nginx connects to it.
  if ("port" in bind) return ["--bind", `0.0.0.0:${bind.port}`, ...trustAll];
  // Whoever can connect to the socket is trusted for X-Forwarded-*, so only owner and group may: umask 007. Gunicorn itself
  // trusts a socket; uvicorn knows only addresses, which a socket has not: without this the application gets no REMOTE_ADDR.
  return ["--bind", `unix:${bind.socket}`, "--umask", "7", ...(workerClass === "uvicorn" ? trustAll : [])];
}

function requestsOfWorker({ workerClass, perWorker }: GunicornOptions): string[] {
  switch (workerClass) {
    case "sync": // written out, for Gunicorn makes a `gthread` of it when a gunicorn.conf.py says more
    case "gthread":
      return ["--threads", String(perWorker)];
    case "gevent":
    case "uvicorn":
      return ["--worker-connections", String(perWorker)];
  }
}
