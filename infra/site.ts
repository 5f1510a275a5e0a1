import type { Project } from "../components/image/project.ts";
import { splitVpc } from "../components/network/subnets.ts";
import { path, type PathRule, type Site } from "../components/nginx/index.ts";
import { overTcp, socketOf, TCP } from "./gunicorn.ts";
import type { Settings } from "./settings.ts";

/** Port that nginx listens on inside its container; below 1024 would need root. */
export const NGINX_PORT = 8080;

/** Addresses of a stack's own VPC: room for any number of tasks. */
export const VPC_CIDR = "10.0.0.0/16";

/** nginx.conf's input. It follows from settings and project alone, so the text is known without an engine. */
export function siteOf(settings: Settings, { framework }: Project): Site {
  return {
    listen: NGINX_PORT,
    ...approach(settings),
    upstream: overTcp(settings)
      ? { kind: "tcp", ...TCP }
      : { kind: "sockets", paths: replicasBehindOneNginx(settings).map(socketOf) },
    staticFiles: framework === "django",
    media: settings.media === "volume",
    requestTimeout: settings.requestTimeout,
    uploadLimit: settings.uploadLimit,
    paths: Object.fromEntries(
      Object.entries(settings.paths).map(([key, rule]): [string, PathRule] => [path(key), rule]),
    ),
    health: { path: settings.healthPath, host: visitorHost(settings.allowedHosts) },
  };
}

/** How visitors come to nginx. */
function approach(settings: Settings): Pick<Site, "publicPort" | "loadBalancer"> {
  if (settings.host === "docker") return { publicPort: settings.port };
  return { publicPort: 443, loadBalancer: { networks: splitVpc(VPC_CIDR, settings.zones).public } };
}

/** A task on ECS has one Gunicorn beside its nginx. */
function replicasBehindOneNginx({ host, replicas }: Settings): number[] {
  return host === "ecs" ? [1] : Array.from({ length: replicas }, (_, index) => index + 1);
}

/** A Host that the application accepts; `.example.com` accepts example.com. */
function visitorHost([first = "localhost"]: readonly string[]): string {
  return first.replace(/^\./, "");
}
