import { seconds } from "../../shared/units.ts";
import type { Network } from "../arguments.ts";
import { nginx } from "../build.ts";
import type { Node } from "../model.ts";
import { ownVariable, text, v } from "../values.ts";
import type { Path, Time } from "../values.ts";

/**
 * Who has one of these is somebody: session, form, message and language cookies of Django and Flask. Of a language that was
 * chosen Django does not say that the page depends on the cookie.
 */
const COOKIES = [v.cookie_sessionid, v.cookie_session, v.cookie_csrftoken, v.cookie_messages, v.cookie_django_language];

/** Where pages are kept, and how much of them. */
export const PAGES = { directory: "/tmp/pages", zone: "pages", memory: "10m", maxSize: "64m" } as const;

/** So long at least a page waits for the next visitor, and for an application that is down. */
const INACTIVE: Time = "10m";

/** Between the two tiers; in the folder that only nginx writes. */
const SOCKET: Path = "/tmp/pages.sock";

/** Where a location sends what may be cached. */
export const CACHED_PAGES = `http://unix:${SOCKET}` as const;

const ENCODING = ownVariable("cached_encoding");

/** `gzip`, unless with a quality of 0. */
const TAKES_GZIP = /(^|,)\s*gzip\s*(,|$|;\s*q=(1|0\.[0-9]*[1-9]))/;

/**
 * Answers come from memory as the application computed them a moment ago, compressed once and not for each visitor: the outer
 * tier keeps a page as `""` and as gzip, the inner one asks the application and compresses (0.65-0.78 of serving a file; compressed
 * for each visitor 0.24, measured).
 * @param kept How long pages are kept: none is dropped before its time.
 */
export const pageCache = (kept: readonly Time[]): Node<"http">[] => [
  nginx.proxy_cache_path({ ...PAGES, inactive: longest([INACTIVE, ...kept]) }),
  nginx.map(
    v.http_accept_encoding,
    ENCODING,
    nginx.map_value("default", ""),
    nginx.map_match({ pattern: TAKES_GZIP.source }, "gzip"),
  ),
];

const longest = (times: readonly [Time, ...Time[]]): Time =>
  times.reduce((one, other) => (seconds(other) > seconds(one) ? other : one));

/** The inner tier. It gets its requests from the outer one alone, with their headers set. */
export const innerTier = (...nodes: Node<"server">[]): Node<"http"> =>
  nginx.server(
    nginx.listen_socket(SOCKET),
    nginx.access_log("off"),
    nginx.gzip_vary("off"),
    nginx.client_max_body_size("0k"), // the outer tier has judged it
    nginx.gzip_comp_level(6), // once for many visitors: a tenth fewer bytes at no cost
    ...nodes,
  );

/** What the inner tier is asked for. */
export const acceptedEncoding = (compressed: boolean): Node<"location"> =>
  nginx.proxy_set_header("Accept-Encoding", compressed ? ENCODING : "");

/** How the pages of a place are kept. */
export interface Kept {
  /** For so long. */
  readonly keep: Time;
  /** Whether there is a compressed one. */
  readonly compressed: boolean;
  /** Whether the password is nginx's: everybody who has it may see the same, and the application never knows of it. */
  readonly ofNginx: boolean;
  /** Name of the variable that is set when staff asks for a new page; see {@link refreshing}. */
  readonly refresh?: string;
}

/**
 * For a path whose owner has declared it the same for everybody: never `location /`, where it would slow down the rest.
 * One request at a time renders a page (lock); the others get the last one while it is renewed, or while the application is
 * down. Nothing personal is kept: a visitor with a cookie or a password passes by, an answer that sets a cookie is not
 * stored (so no page with a form of Django's), and what the application says (`private`, `no-store`, `Vary`) is obeyed.
 */
export function cachedPages(
  { keep, compressed, ofNginx, refresh }: Kept,
  headers: readonly Node<"location">[],
): Node<"location">[] {
  const visitor = [...COOKIES, ...(ofNginx ? [] : [v.http_authorization])];
  return [
    nginx.proxy_cache(PAGES.zone),
    nginx.proxy_cache_key(...(compressed ? [ENCODING, " "] : []), v.scheme, "://", v.host, v.request_uri),
    nginx.proxy_cache_valid(200, keep),
    nginx.proxy_cache_lock("on"),
    nginx.proxy_cache_lock_timeout("5s"),
    nginx.proxy_cache_use_stale("error", "timeout", "updating", "http_500", "http_502", "http_503", "http_504"),
    nginx.proxy_cache_background_update("on"),
    nginx.proxy_cache_bypass(...(refresh === undefined ? [] : [ownVariable(refresh)]), ...visitor),
    nginx.proxy_no_cache(...visitor, v.upstream_http_set_cookie),
    nginx.gzip("off"),
    // A page in pieces (compressed, its length is not known) is read and sent in one go: a fifth less work (measured).
    nginx.sendfile("off"),
    ...headers,
    nginx.add_header("X-Cache-Status", v.upstream_cache_status, "always"),
    ...(compressed ? [nginx.add_header("Vary", "Accept-Encoding", "always")] : []),
  ];
}

/**
 * Sets a variable when one of these clients asks with `Cache-Control: no-cache`: the page is then rendered anew, for all who
 * take the same encoding. Who is logged in sees a new page that nobody else gets: it may be personal.
 * nginx's own way to remove a page (proxy_cache_purge) is not in the free version.
 */
export function refreshing(name: string, staff: readonly Network[]): Node<"http">[] {
  const [from, asked] = [ownVariable(`${name}_from`), ownVariable(name)];
  return [
    nginx.geo(from, nginx.geo_network("default", "0"), ...staff.map((network) => nginx.geo_network(network, "1"))),
    nginx.map(
      text`${from}:${v.http_cache_control}`,
      asked,
      nginx.map_value("default", ""),
      nginx.map_value("1:no-cache", "1"),
    ),
  ];
}
