import type { Timeouts } from "../edge/timeouts.ts";
import type { Address } from "./arguments.ts";
import { nginx } from "./build.ts";
import { locations } from "./locations.ts";
import type { Node, Value } from "./model.ts";
import { isLimiting, placeOf, slashesOf } from "./path-rules.ts";
import { access } from "./presets/access.ts";
import { APP, appServers } from "./presets/balancing.ts";
import { innerTier, pageCache } from "./presets/cache.ts";
import { dotSegments } from "./presets/dot-segments.ts";
import { errorPages, maintenance } from "./presets/errors.ts";
import { securityHeaders } from "./presets/headers.ts";
import { appHealth, nginxHealth } from "./presets/health.ts";
import { HEALTH, ownAddresses } from "./presets/own-addresses.ts";
import { hidden } from "./presets/proxy.ts";
import { redirectHost, trailingSlash } from "./presets/redirects.ts";
import { builtStaticFiles, uploadedFiles } from "./presets/static.ts";
import { statusServer } from "./presets/status.ts";
import { answerWithin } from "./presets/timeouts.ts";
import { tls } from "./presets/tls.ts";
import { NGINX_VERSION } from "./render.ts";
import type { Site } from "./site.ts";
import { text, v } from "./values.ts";
import { connection, told, visitorHost } from "./visitor.ts";

const STATIC = { url: "/static/", directory: "/srv/static/", expires: "30d" } as const;
const MEDIA = { url: "/media/", directory: "/srv/media/" } as const;

/** What nginx serves from disk. */
export const foldersOf = ({ staticFiles, media }: Pick<Site, "staticFiles" | "media">): string[] => [
  ...(staticFiles ? [STATIC.url] : []),
  ...(media ? [MEDIA.url] : []),
];

/** Everything below `http` that follows from the site: the Gunicorns, then the servers that visitors and health checks meet. */
export function servers(site: Site, timeouts: Timeouts): Node<"http">[] {
  const { maps, always, ...ofFiles } = securityHeaders(site.securityHeaders);
  const app = locations(site, always);
  const pages = errorPages(site.errorPages, STATIC.directory, always);
  const own = ownAddresses(foldersOf(site));
  const closed = site.maintenance && maintenance(site.maintenance, own);
  const slashes = trailingSlash(slashesOf(site.paths), own);
  const dots = isLimiting(site.paths) ? dotSegments() : undefined;
  const files = access(placeOf(site.paths, "/").rule);
  return [
    ...maps,
    ...(dots ? [dots.http] : []),
    ...(closed?.http ?? []),
    ...slashes.http,
    ...app.http,
    ...(app.kept.length > 0 ? pageCache(app.kept) : []),
    appServers(addresses(site), site.balancing, timeouts.upstream.keepalive, site.nginxVersion ?? NGINX_VERSION),
    statusServer(site.statusPort),
    ...(app.kept.length > 0 ? [inner(site, timeouts, pages)] : []),
    ...(site.canonicalHost === undefined ? [] : [otherNames(site, site.canonicalHost, always)]),
    nginx.server(
      ...listen(site),
      ...(site.canonicalHost === undefined ? [] : [nginx.server_name(site.canonicalHost)]),
      ...told(site, visitorHost(site)),
      ...connection(site.balancing),
      ...hidden(),
      ...always,
      ...(dots ? [dots.server] : []),
      ...slashes.server,
      ...(closed ? [closed.server] : []),
      ...health(site),
      ...pages,
      ...(site.staticFiles ? [builtStaticFiles(STATIC, ofFiles.files, ...files)] : []),
      ...(site.media ? [uploadedFiles(MEDIA, ofFiles.uploads, ...files)] : []),
      ...app.server,
    ),
  ];
}

/** Visitors of the site's other names are sent to the one; health checks come with an address for a name, and are answered. */
const otherNames = (site: Site, canonicalHost: string, always: readonly Node<"server">[]): Node<"http"> =>
  nginx.server(
    ...listen(site, "default_server"),
    ...always,
    ...health(site),
    nginx.location("/", ...redirectHost(origin(site, canonicalHost))),
  );

/** Behind the cache: asks the application and compresses. The outer tier has set every header but the Host, which nginx never passes on. */
const inner = (site: Site, { upstream }: Timeouts, pages: readonly Node<"server">[]): Node<"http"> =>
  innerTier(
    nginx.proxy_set_header("Host", visitorHost(site)),
    ...connection(site.balancing),
    ...(upstream.longestRead > upstream.read ? answerWithin(upstream.longestRead) : []),
    ...pages,
    nginx.location("/", nginx.proxy_pass(`http://${APP}`)),
  );

const listen = (site: Site, ...flags: "default_server"[]): Node<"server">[] => [
  nginx.listen(site.listen, ...flags, ...(site.tls ? (["ssl"] as const) : [])),
  ...(site.tls ? tls(origin(site, site.canonicalHost ?? site.health.host), v.request_uri) : []),
];

const health = (site: Site): Node<"server">[] => [
  nginxHealth(HEALTH.nginx),
  appHealth(
    HEALTH.app,
    `http://${APP}${site.health.path}`,
    ...told(site, site.health.host),
    ...connection(site.balancing),
  ),
];

/** What visitors write before the path of an address. */
function origin({ publicPort, tls: ends, loadBalancer }: Site, host: Value): readonly Value[] {
  const scheme = ends || loadBalancer ? "https" : "http";
  const usual = publicPort === (scheme === "https" ? 443 : 80);
  return usual ? text`${scheme}://${host}` : text`${scheme}://${host}:${String(publicPort)}`;
}

/** One server listed twice still gives a failed request its second try, with one socket as with a name that has one address. */
function addresses({ upstream }: Site): Address[] {
  const all =
    upstream.kind === "sockets"
      ? upstream.paths.map((path): Address => `unix:${path}`)
      : [`${upstream.host}:${upstream.port}` as Address];
  return all.length === 1 ? [...all, ...all] : all;
}
