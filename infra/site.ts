import { path, type PathRule, type Site } from "../components/nginx/index.ts";
import type { Project } from "../components/image/project.ts";
import { socketOf, TCP } from "./replicas.ts";
import type { Settings } from "./settings.ts";

/** Port that nginx listens on inside its container; below 1024 would need root. */
export const NGINX_PORT = 8080;

/** nginx.conf's input. It follows from settings and project alone, so the text is known without an engine. */
export function siteOf(settings: Settings, { framework }: Project): Site {
  const replicas = Array.from({ length: settings.replicas }, (_, index) => index + 1);
  return {
    listen: NGINX_PORT,
    publicPort: settings.port,
    upstream:
      settings.upstream === "tcp" ? { kind: "tcp", ...TCP } : { kind: "sockets", paths: replicas.map(socketOf) },
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

/** A Host that the application accepts; `.example.com` accepts example.com. */
function visitorHost([first = "localhost"]: readonly string[]): string {
  return first.replace(/^\./, "");
}
