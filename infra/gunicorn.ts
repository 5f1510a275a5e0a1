import { maxConnections, POSTGRES_CONNECTIONS } from "../components/database/database-class.ts";
import { connectionsOfContainer, connectionsOfTask } from "../components/edge/rollout.ts";
import type { Timeouts } from "../components/edge/timeouts.ts";
import { asgiModuleBeside } from "../components/gunicorn/asgi-module.ts";
import { gunicornCommand } from "../components/gunicorn/command.ts";
import { concurrency, takesConnections, type Concurrency, type ContainerSize } from "../components/gunicorn/sizing.ts";
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

/** Workers of one Gunicorn and the requests of each: what the settings say, else what fits around it. */
export const concurrencyOf = (settings: Settings): Concurrency =>
  concurrency(
    containerSize(settings),
    settings.workerClass,
    settings,
    Math.min(nginxConnections(settings) / 2, databaseConnections(settings)), // nginx has two for each request
  );

/** nginx's connections for one Gunicorn; a task on ECS has one. */
const nginxConnections = ({ host, replicas, nginx }: Settings): number =>
  nginx.workerConnections / (host === "ecs" ? 1 : replicas);

/** Connections to the database that one Gunicorn may hold. */
function databaseConnections(settings: Settings): number {
  const { database, replicas } = settings;
  if (database !== "postgres") return Infinity;
  if (settings.host === "docker") return connectionsOfContainer(replicas, POSTGRES_CONNECTIONS);
  return connectionsOfTask(replicas, maxConnections(settings.databaseClass) ?? Infinity);
}

/** The ASGI module, where that is served instead of the WSGI module. */
export const asgiModuleOf = ({ workerClass, asgiModule, wsgiModule }: Settings): string | undefined =>
  workerClass === "uvicorn" ? (asgiModule ?? asgiModuleBeside(wsgiModule)) : undefined;

/**
 * What the application has to know of its workers. A connection to the database belongs to a thread (with `gevent`, a
 * greenlet), and these classes have a new one for each request: kept for the next request as Django does it, connections pile
 * up until PostgreSQL refuses them (141 of 600 requests were errors with `gevent`, 88 with `uvicorn`).
 * https://docs.djangoproject.com/en/5.2/ref/databases/#persistent-database-connections
 */
export const workerEnvironment = ({ workerClass }: Settings): Readonly<Record<string, string>> =>
  takesConnections(workerClass) ? { CONN_MAX_AGE: "0" } : {};

/** How a Gunicorn is started, and how it is asked whether it works. */
export function gunicornOf(settings: Settings, { gunicorn }: Timeouts) {
  const tcp = overTcp(settings);
  return {
    command: (replica: Replica) =>
      gunicornCommand({
        module: asgiModuleOf(settings) ?? settings.wsgiModule,
        bind: tcp ? { port: TCP.port } : { socket: socketOf(replica) },
        workerClass: settings.workerClass,
        ...concurrencyOf(settings),
        maxRequests: settings.maxRequests,
        timeouts: gunicorn,
      }),
    healthCommand: (replica: Replica) => [
      ...["python", "-m", "wsgi_on_aws.healthcheck"],
      ...[tcp ? `127.0.0.1:${TCP.port}` : socketOf(replica), settings.healthPath],
    ],
  };
}
