import type { Timeouts } from "../components/edge/timeouts.ts";
import { gunicornCommand } from "../components/gunicorn/command.ts";
import { concurrency } from "../components/gunicorn/sizing.ts";
import type { Replica } from "../components/host/app-container.ts";
import { mebibytes } from "../components/shared/units.ts";
import { tmpMebibytes } from "./limits.ts";
import type { Settings } from "./settings.ts";

/** With `upstream: tcp`: the name that all replicas share, and their port, as in the original nginx.conf. */
export const TCP = { host: "frontend", port: 8000 } as const;

/** Socket of a replica. The canary's lies where no nginx looks for it. */
export const socketOf = (replica: Replica): `/${string}` =>
  replica === "canary" ? "/tmp/canary.sock" : `/run/gunicorn/gunicorn-${replica}.sock`;

/** What runs in each Gunicorn container, from settings and time-outs. */
export function replicasOf(settings: Settings, timeouts: Timeouts) {
  const size = { cpu: settings.cpu, memoryMiB: mebibytes(settings.memory) };
  const derived = concurrency(size, settings.workerClass);
  const tcp = settings.upstream === "tcp";
  return {
    ...size,
    tmpMiB: tmpMebibytes(settings),
    stopSeconds: timeouts.stop.gunicorn,
    command: (replica: Replica) =>
      gunicornCommand({
        wsgiModule: settings.wsgiModule,
        bind: tcp ? { port: TCP.port } : { socket: socketOf(replica) },
        workerClass: settings.workerClass,
        workers: settings.workers ?? derived.workers,
        threads: settings.threads ?? derived.threads,
        timeouts: timeouts.gunicorn,
      }),
    healthCommand: (replica: Replica) => [
      ...["python", "-m", "wsgi_on_aws.healthcheck"],
      ...[tcp ? `127.0.0.1:${TCP.port}` : socketOf(replica), settings.healthPath],
    ],
  };
}
