import { behindLoadBalancer } from "../edge/load-balancer.ts";
import { deriveTimeouts, withKeptConnections, type Timeouts } from "../edge/timeouts.ts";
import { seconds } from "../shared/units.ts";
import { UserError, type Problem } from "../shared/user-error.ts";
import type { Cidr } from "./arguments.ts";
import { nginx } from "./build.ts";
import type { Node } from "./model.ts";
import { healthProblems, pathProblems } from "./path-checks.ts";
import type { PathRules } from "./path-rules.ts";
import type { Balancing } from "./presets/balancing.ts";
import { compression } from "./presets/compression.ts";
import type { ErrorPages, Maintenance } from "./presets/errors.ts";
import type { SecurityHeaders } from "./presets/headers.ts";
import { jsonLog } from "./presets/logs.ts";
import { contentTypes, javascriptModules, modules, unprivileged, workers } from "./presets/process.ts";
import { proxyBuffers, visitorBehind } from "./presets/proxy.ts";
import { BROTLI_STATIC, openFiles } from "./presets/static.ts";
import { answerWithin, clientTimeouts, retry } from "./presets/timeouts.ts";
import { render } from "./render.ts";
import { foldersOf, servers } from "./servers.ts";
import type { Path, Size, Time } from "./values.ts";

/** A site as nginx sees it. Plain data: it depends on settings only, so the text is known before anything is deployed. */
export interface Site {
  /** The port that nginx listens on, inside its container. */
  readonly listen: number;
  /** The port for health checks and counters, inside the container or its task only. */
  readonly statusPort: number;
  /** The port that visitors use: part of the Host that the application sees, unless it is 80 or 443. */
  readonly publicPort: number;
  /** Whether nginx itself ends TLS, with the certificate of `CERTIFICATE_FILES`. */
  readonly tls: boolean;
  /**
   * The networks of the load balancer before nginx, which ends TLS: its word on who the visitor is counts, nobody else's.
   * Absent: visitors reach nginx themselves.
   */
  readonly loadBalancer?: { readonly networks: readonly Cidr[] };
  /** nginx's processes, and the connections of each. */
  readonly workers: { readonly processes: number | "auto"; readonly connections: number };
  /** Where the Gunicorns are: a Unix socket for each, or one name with a port that resolves to all of them. */
  readonly upstream:
    | { readonly kind: "sockets"; readonly paths: readonly Path[] }
    | { readonly kind: "tcp"; readonly host: string; readonly port: number };
  readonly balancing: Balancing;
  /** The one name of the site: visitors of its other names are sent there. */
  readonly canonicalHost?: string;
  /** Whether nginx serves `/static/` from `/srv/static/`. */
  readonly staticFiles: boolean;
  /** Whether nginx serves `/media/` from `/srv/media/`. */
  readonly media: boolean;
  /** What a request may take. */
  readonly requestTimeout: Time;
  /** How long a visitor may take over a request's head, and between two pieces of its body or of the answer. */
  readonly clientTimeouts: { readonly header: Time; readonly body: Time; readonly send: Time };
  /** The largest request body. */
  readonly uploadLimit: Size;
  /** What differs for a path: all below it, and itself without the slash, when it ends in one; that one address otherwise. */
  readonly paths: PathRules;
  readonly securityHeaders: SecurityHeaders;
  readonly errorPages: ErrorPages;
  /** Absent: the site is open. */
  readonly maintenance?: Maintenance;
  /** The application's own health path, asked through `/healthz/app`, and a Host that it accepts. */
  readonly health: { readonly path: Path; readonly host: string };
  /** The nginx that reads the configuration. @default the one of the image, `NGINX_VERSION` */
  readonly nginxVersion?: string;
}

/** A proxied request holds two files, a file and a log some more. */
const FILES_PER_CONNECTION = 4;

/** The time limits of a site: nginx and Gunicorn both take theirs from here. */
export function siteTimeouts(
  site: Pick<Site, "requestTimeout" | "paths" | "loadBalancer" | "clientTimeouts" | "workers" | "balancing">,
): Timeouts {
  const { requestTimeout, paths, loadBalancer, clientTimeouts: client, workers: worker } = site;
  const all = [requestTimeout, ...Object.values(paths).map(({ timeout }) => timeout ?? requestTimeout)].map(seconds);
  const fixed = deriveTimeouts(seconds(requestTimeout), Math.max(...all));
  const derived = site.balancing.keepalive > 0 ? withKeptConnections(fixed) : fixed;
  const plain = {
    ...derived,
    client: {
      ...derived.client,
      header: seconds(client.header),
      body: seconds(client.body),
      send: seconds(client.send),
    },
    worker: { connections: worker.connections, files: FILES_PER_CONNECTION * worker.connections },
  };
  return loadBalancer ? behindLoadBalancer(plain) : plain;
}

/** The text of a site's nginx.conf. @throws {UserError} A path rule or a value cannot be used. */
export const siteText = (site: Site): string => render(siteNodes(site), site.nginxVersion);

/** A site's nginx.conf as data. @throws {UserError} A path rule or a value cannot be used. */
export function siteNodes(site: Site): Node<"main">[] {
  const problems = [
    ...pathProblems(site.paths, foldersOf(site)),
    ...healthProblems(site.paths, site.health.path),
    ...pageProblems(site),
  ];
  if (problems.length > 0) throw new UserError(problems);
  const timeouts = siteTimeouts(site);
  const process = unprivileged();
  const { main, events } = workers(site.workers.processes, timeouts.worker);
  return [
    ...(site.staticFiles ? modules(BROTLI_STATIC) : []),
    ...main,
    nginx.worker_shutdown_timeout(`${timeouts.nginxShutdown}s`),
    ...process.main,
    nginx.events(events),
    nginx.http(
      ...process.http,
      ...contentTypes("/etc/nginx/mime.types"),
      javascriptModules(),
      nginx.server_tokens("off"),
      nginx.absolute_redirect("off"),
      ...jsonLog(),
      nginx.sendfile("on"),
      nginx.tcp_nopush("on"),
      ...(site.loadBalancer ? visitorBehind(site.loadBalancer.networks) : []),
      ...openFiles(),
      ...clientTimeouts(timeouts),
      nginx.client_max_body_size(site.uploadLimit),
      nginx.client_body_buffer_size("64k"),
      ...compression(),
      ...retry(timeouts),
      ...answerWithin(timeouts.upstream.read),
      ...proxyBuffers(),
      ...servers(site, timeouts),
    ),
  ];
}

/** Without Django nothing collects static files. */
const pageProblems = ({ errorPages, staticFiles }: Site): Problem[] =>
  staticFiles
    ? []
    : Object.keys(errorPages).map((status) => ({
        where: `errorPages.${status}`,
        what: "there are no static files without Django.",
        remedy: "Leave it out.",
      }));
