import type { Timeouts } from "../components/edge/timeouts.ts";
import { gunicornCommand } from "../components/gunicorn/command.ts";
import { concurrency, type Concurrency, type ContainerSize } from "../components/gunicorn/sizing.ts";
import type { Replica } from "../components/host/app-container.ts";
import { taskSize } from "../components/host/task-size.ts";
import { mebibytes } from "../components/shared/units.ts";
import type { Settings } from "./settings.ts";

/** With `upstream: tcp`: the name that all replicas share, and their port, as in the original nginx.conf. */
export const TCP = { host: "frontend", port: 8000 } as const;

/** Socket of a replica. The canary's lies where no nginx looks for it. */
export const socketOf = (replica: Replica): `/${string}` =>
  replica === "canary" ? "/tmp/canary.sock" : `/run/gunicorn/gunicorn-${replica}.sock`;

export const overTcp = (settings: Settings): boolean => settings.host === "docker" && settings.upstream === "tcp";

/** vCPUs and memory of one Gunicorn container. */
export function containerSize({ host, cpu, memory }: Settings): ContainerSize {
  const memoryMiB = mebibytes(memory);
  return { cpu, memoryMiB: host === "ecs" ? taskSize(cpu, memoryMiB).gunicorn.memoryMiB : memoryMiB };
}

/** Workers and threads of one Gunicorn: what the settings say, else what fits its container. */
export function concurrencyOf(settings: Settings): Concurrency {
  const derived = concurrency(containerSize(settings), settings.workerClass);
  return { workers: settings.workers ?? derived.workers, threads: settings.threads ?? derived.threads };
}

/** How a Gunicorn is started, and how it is asked whether it works. */
export function gunicornOf(settings: Settings, { gunicorn }: Timeouts) {
  const tcp = overTcp(settings);
  return {
    command: (replica: Replica) =>
      gunicornCommand({
        wsgiModule: settings.wsgiModule,
        bind: tcp ? { port: TCP.port } : { socket: socketOf(replica) },
        workerClass: settings.workerClass,
        ...concurrencyOf(settings),
        timeouts: gunicorn,
      }),
    healthCommand: (replica: Replica) => [
      ...["python", "-m", "wsgi_on_aws.healthcheck"],
      ...[tcp ? `127.0.0.1:${TCP.port}` : socketOf(replica), settings.healthPath],
    ],
  };
}
