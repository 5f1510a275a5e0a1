import type { Concurrency, WorkerClass } from "./sizing.ts";

export interface GunicornOptions extends Concurrency {
  /** Module and callable, as `mysite.wsgi:application`. */
  readonly wsgiModule: string;
  readonly bind: { readonly socket: string } | { readonly port: number };
  readonly workerClass: WorkerClass;
  /** Seconds, from the timeout ladder (components/edge/timeouts.ts). */
  readonly timeouts: { readonly worker: number; readonly graceful: number; readonly keepAlive: number };
}

/**
 * Gunicorn's command line. Options on it win over a `gunicorn.conf.py` of the project, whose hooks still run. A command
 * line, not a file, for it reaches a container on every host without a volume.
 */
export function gunicornCommand(options: GunicornOptions): string[] {
  const { bind, timeouts } = options;
  return [
    "gunicorn",
    // Whoever can connect to the socket is trusted for X-Forwarded-*, so only owner and group may: umask 007.
    ...("socket" in bind
      ? ["--bind", `unix:${bind.socket}`, "--umask", "7"]
      : // Nothing but the stack's own network reaches this port, and there only nginx connects to it.
        ["--bind", `0.0.0.0:${bind.port}`, "--forwarded-allow-ips", "*"]),
    ...["--worker-class", options.workerClass, "--workers", String(options.workers)],
    ...(options.workerClass === "gthread" ? ["--threads", String(options.threads)] : []),
    ...["--timeout", String(timeouts.worker), "--graceful-timeout", String(timeouts.graceful)],
    ...["--keep-alive", String(timeouts.keepAlive)],
    // The heartbeat of a worker must not wait for a disk: https://docs.gunicorn.org/en/stable/faq.html#blocking-os-fchmod
    ...["--worker-tmp-dir", "/dev/shm"],
    options.wsgiModule,
  ];
}
