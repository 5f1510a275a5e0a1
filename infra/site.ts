import { NGINX_PORT } from "../components/edge/nginx-container.ts";
import type { GunicornVersion } from "../components/image/gunicorn-version.ts";
import type { Project } from "../components/image/project.ts";
import { splitVpc } from "../components/network/subnets.ts";
import { isAtLeast, path, type Site } from "../components/nginx/index.ts";
import { overTcp, socketOf, TCP } from "./gunicorn.ts";
import type { Settings } from "./settings.ts";

/** Addresses of a stack's own VPC: room for any number of tasks. */
export const VPC_CIDR = "10.0.0.0/16";

/** nginx.conf's input. It follows from settings and project alone, so the text is known without an engine. */
export function siteOf(settings: Settings, { framework, gunicorn }: Pick<Project, "framework" | "gunicorn">): Site {
  return {
    listen: NGINX_PORT,
    statusPort: settings.nginx.statusPort,
    ...approach(settings),
    workers: { processes: settings.nginx.workerProcesses, connections: settings.nginx.workerConnections },
    upstream: overTcp(settings)
      ? { kind: "tcp", ...TCP }
      : { kind: "sockets", paths: replicasBehindOneNginx(settings).map(socketOf) },
    balancing: balancingOf(settings, gunicorn),
    ...(settings.canonicalHost !== undefined && { canonicalHost: settings.canonicalHost }),
    staticFiles: framework === "django",
    media: settings.media === "volume",
    requestTimeout: settings.requestTimeout,
    clientTimeouts: settings.clientTimeouts,
    uploadLimit: settings.uploadLimit,
    paths: Object.fromEntries(Object.entries(settings.paths).map(([key, rule]) => [path(key), rule])),
    securityHeaders: headersOf(settings),
    errorPages: settings.errorPages,
    ...(settings.maintenance && { maintenance: settings.maintenance }),
    health: { path: settings.healthPath, host: visitorHost(settings.allowedHosts) },
  };
}

/** Names as Django writes them, which says the same by default. */
const SECURITY_HEADERS = { "X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin" };

/** An hour, as Django advises for a start (https://docs.djangoproject.com/en/5.2/ref/middleware/#http-strict-transport-security). */
const HSTS = { "Strict-Transport-Security": "max-age=3600" };

/** Ours, and over them those of the stack's file; HTTP knows no capitals in names. */
function headersOf(settings: Settings): Site["securityHeaders"] {
  const own = new Set(Object.keys(settings.securityHeaders).map((name) => name.toLowerCase()));
  const ours = Object.entries({ ...SECURITY_HEADERS, ...(isHttps(settings) && HSTS) });
  return { ...Object.fromEntries(ours.filter(([name]) => !own.has(name.toLowerCase()))), ...settings.securityHeaders };
}

/** Whether visitors come by https. */
export const isHttps = (settings: Settings): boolean => settings.host === "ecs" || settings.tls !== "off";

/** Behind one nginx; on ecs that is one Gunicorn, and the load balancer shares the visitors. */
function balancingOf(settings: Settings, gunicorn: GunicornVersion): Site["balancing"] {
  const { balancing, workerClass } = settings;
  const keepalive = balancing.keepalive ?? (workerClass === "gthread" && keepsSafely(gunicorn) ? KEPT_CONNECTIONS : 0);
  if (settings.host === "ecs") return { method: "round-robin", maxFails: 0, keepalive };
  return { ...balancing, method: balancing.method ?? "round-robin", keepalive };
}

/** Idle connections of each nginx process; more than a small site ever needs. */
const KEPT_CONNECTIONS = 32;

/** From 27.0.1 on a worker that ends answers what comes on a kept connection; before, it closed it under a POST. */
const keepsSafely = (gunicorn: GunicornVersion): boolean =>
  gunicorn === "ours" || (gunicorn !== "unknown" && isAtLeast(gunicorn, "27.0.1"));

/** How visitors come to nginx. */
function approach(settings: Settings): Pick<Site, "publicPort" | "tls" | "loadBalancer"> {
  if (settings.host === "docker") return { publicPort: settings.port, tls: isHttps(settings) };
  return {
    publicPort: 443,
    tls: false,
    loadBalancer: { networks: splitVpc(VPC_CIDR, settings.zones).public },
  };
}

/** A task on ECS has one Gunicorn beside its nginx. */
function replicasBehindOneNginx({ host, replicas }: Settings): number[] {
  return host === "ecs" ? [1] : Array.from({ length: replicas }, (_, index) => index + 1);
}

/** A Host that the application accepts; `.example.com` accepts example.com. */
function visitorHost([first = "localhost"]: readonly string[]): string {
  return first.replace(/^\./, "");
}
