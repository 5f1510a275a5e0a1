import { UserError } from "../shared/user-error.ts";
import type { Problem } from "../shared/user-error.ts";
import { seconds } from "../shared/units.ts";
import { deriveTimeouts, readTimeout } from "../edge/timeouts.ts";
import { behindLoadBalancer } from "../edge/load-balancer.ts";
import type { Timeouts } from "../edge/timeouts.ts";
import type { Address, Cidr, Text } from "./arguments.ts";
import { nginx } from "./build.ts";
import type { Node } from "./model.ts";
import { pageCache } from "./presets/cache.ts";
import { compression } from "./presets/compression.ts";
import { appHealth, nginxHealth } from "./presets/health.ts";
import { jsonLog } from "./presets/logs.ts";
import { contentTypes, modules, unprivileged, workers } from "./presets/process.ts";
import {
  APP,
  appServers,
  forwarded,
  proxyBuffers,
  requestId,
  visitorBehind,
  withoutForgeries,
} from "./presets/proxy.ts";
import { BROTLI_STATIC, builtStaticFiles, openFiles, uploadedFiles } from "./presets/static.ts";
import { answerWithin, clientTimeouts, retry } from "./presets/timeouts.ts";
import { NGINX_VERSION, render } from "./render.ts";
import { text, v } from "./values.ts";
import type { Path, Size, Time } from "./values.ts";

/** A site as nginx sees it. Plain data: it depends on settings only, so the text is known before anything is deployed. */
export interface Site {
  /** The port that nginx listens on, inside its container. */
  readonly listen: number;
  /** The port that visitors use: part of the Host that the application sees, unless it is 80 or 443. */
  readonly publicPort: number;
  /**
   * The networks of the load balancer before nginx, which ends TLS: its word on who the visitor is counts, nobody else's.
   * Absent: visitors reach nginx themselves.
   */
  readonly loadBalancer?: { readonly networks: readonly Cidr[] };
  /** Where the Gunicorns are: a Unix socket for each, or one name with a port that resolves to all of them. */
  readonly upstream:
    | { readonly kind: "sockets"; readonly paths: readonly Path[] }
    | { readonly kind: "tcp"; readonly host: string; readonly port: number };
  /** Whether nginx serves `/static/` from `/srv/static/`. */
  readonly staticFiles: boolean;
  /** Whether nginx serves `/media/` from `/srv/media/`. */
  readonly media: boolean;
  /** What a request may take. */
  readonly requestTimeout: Time;
  /** The largest request body. */
  readonly uploadLimit: Size;
  /** What differs for a path: everything below it when it ends in a slash, that one address otherwise. */
  readonly paths: Readonly<Record<Path, PathRule>>;
  /** The application's own health path, asked through `/healthz/app`, and a Host that it accepts. */
  readonly health: { readonly path: Path; readonly host: string };
  /** The nginx that reads the configuration. @default the one of the image, {@link NGINX_VERSION} */
  readonly nginxVersion?: string;
}

/** What differs on a path; what is absent is as on the rest of the site. */
export interface PathRule {
  /** Keep answers that long, for everybody. Only for pages that are the same for all visitors without a cookie. */
  readonly cache?: Time;
  readonly upload?: Size;
  readonly timeout?: Time;
}

/** The time limits of a site: nginx and Gunicorn both take theirs from here. */
export function siteTimeouts(site: Pick<Site, "requestTimeout" | "paths" | "loadBalancer">): Timeouts {
  const { requestTimeout, paths, loadBalancer } = site;
  const all = [requestTimeout, ...Object.values(paths).map(({ timeout }) => timeout ?? requestTimeout)].map(seconds);
  const plain = deriveTimeouts(seconds(requestTimeout), Math.max(...all));
  return loadBalancer ? behindLoadBalancer(plain) : plain;
}

/** The text of a site's nginx.conf. @throws {UserError} A path rule or a value cannot be used. */
export const siteText = (site: Site): string => render(siteNodes(site), site.nginxVersion);

/** A site's nginx.conf as data. @throws {UserError} A path rule or a value cannot be used. */
export function siteNodes(site: Site): Node<"main">[] {
  checkPaths(site);
  const timeouts = siteTimeouts(site);
  const process = unprivileged();
  const { main, events } = workers(timeouts.worker.connections, timeouts.worker.files);
  return [
    ...(site.staticFiles ? modules(BROTLI_STATIC) : []),
    ...main,
    nginx.worker_shutdown_timeout(`${timeouts.nginxShutdown}s`),
    ...process.main,
    nginx.events(events),
    nginx.http(
      ...process.http,
      ...contentTypes("/etc/nginx/mime.types"),
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
      ...server(site),
    ),
  ];
}

function server(site: Site): Node<"http">[] {
  const cache = pageCache();
  const rules = Object.entries(site.paths) as [Path, PathRule][];
  const caches = rules.some(([, rule]) => rule.cache !== undefined);
  const app = proxied(site);
  return [
    ...(caches ? [cache.zone] : []),
    appServers(addresses(site), site.nginxVersion ?? NGINX_VERSION),
    nginx.server(
      nginx.listen(site.listen),
      nginxHealth("/healthz"),
      appHealth("/healthz/app", `http://${APP}${site.health.path}`, ...headers(site, site.health.host)),
      ...(site.staticFiles ? [builtStaticFiles({ url: "/static/", directory: "/srv/static/", expires: "30d" })] : []),
      ...(site.media ? [uploadedFiles({ url: "/media/", directory: "/srv/media/" })] : []),
      ...rules.map(([path, { cache: keep, upload, timeout }]) =>
        nginx.location(
          path.endsWith("/") ? path : { exact: path },
          ...(upload === undefined ? [] : [nginx.client_max_body_size(upload)]),
          ...(timeout === undefined ? [] : answerWithin(readTimeout(seconds(timeout)))),
          ...app,
          ...(keep === undefined ? [] : cache.pages(keep)),
        ),
      ),
      nginx.location("/", ...app),
    ),
  ];
}

/** One server listed twice still gives a failed request its second try, with one socket as with a name that has one address. */
function addresses({ upstream }: Site): Address[] {
  const all =
    upstream.kind === "sockets"
      ? upstream.paths.map((path): Address => `unix:${path}`)
      : [`${upstream.host}:${upstream.port}` as Address];
  return all.length === 1 ? [...all, ...all] : all;
}

const proxied = (site: Site): Node<"location">[] => [
  nginx.proxy_pass(`http://${APP}`),
  ...headers(
    site,
    site.publicPort === 80 || site.publicPort === 443 ? v.host : text`${v.host}:${String(site.publicPort)}`,
  ),
  ...requestId(),
];

/** The load balancer sends plain requests to https itself: what reaches nginx through it came by https. */
const headers = ({ loadBalancer }: Site, host: Text): Node<"location">[] => [
  ...forwarded({ host, clients: v.remote_addr, scheme: loadBalancer ? "https" : v.scheme }),
  ...withoutForgeries(),
];

/** Paths that nginx answers by itself, and `/`, where a cache would serialise every page of the site (docs/nginx.md, Presets). */
function checkPaths({ paths, staticFiles, media }: Site): void {
  const folders = [...(staticFiles ? ["/static/"] : []), ...(media ? ["/media/"] : [])];
  const problems = Object.keys(paths).flatMap((path): Problem[] => {
    const where = `paths.${path}`;
    if (!path.startsWith("/")) {
      return [{ where, what: "does not begin with a slash.", remedy: `Write "/${path}".` }];
    }
    if (path === "/") {
      return [
        {
          where,
          what: "covers the whole site.",
          remedy: "Write the paths below it, or requestTimeout and uploadLimit for all.",
        },
      ];
    }
    const owner =
      ["/healthz", "/healthz/app"].find((address) => path === address) ??
      folders.find((folder) => path.startsWith(folder));
    if (owner === undefined) return [];
    return [{ where, what: `nginx answers ${owner} itself, not the application.`, remedy: "Leave this path out." }];
  });
  if (problems.length > 0) throw new UserError(problems);
}
