import { isAtLeast } from "../render.ts";
import type { Address, Cidr, Text } from "../arguments.ts";
import { nginx } from "../build.ts";
import type { Node, Variable } from "../model.ts";
import { v } from "../values.ts";

/** The group of Gunicorns behind the site. */
export const APP = "gunicorn";

/**
 * The Gunicorns that share the requests. `max_fails=0` (in the directive table): nginx otherwise gives up on a Gunicorn for
 * ten seconds after one failure, and on all of them during a rolling restart (7.6-8.1 s of 502, measured).
 * No connection is kept, which gains nothing here and fails POSTs on Gunicorn up to 27.0.0; nginx 1.29.7 and newer must be told.
 */
export function appServers(addresses: readonly Address[], version: string): Node<"http"> {
  const off = "1.29.7";
  return nginx.upstream(
    APP,
    nginx.zone(APP, "64k"),
    ...addresses.map((address) => nginx.upstream_server(address)),
    ...(isAtLeast(version, off) ? [nginx.keepalive(0)] : []),
  );
}

/**
 * Room for large cookies and pages: an answer's head over the buffer (4k by default) would be a 502.
 * What a slow visitor has not taken yet waits in /tmp, which is memory: with nginx's limit of 1 GB for each answer a few large
 * downloads fill it, and all of them are cut. Beyond this limit Gunicorn waits.
 */
export const proxyBuffers = (): Node<"http">[] => [
  nginx.proxy_buffer_size("16k"),
  nginx.proxy_buffers(16, "16k"),
  nginx.proxy_max_temp_file_size("1m"),
];

/** What the application is told about the visitor. */
export interface Forwarded {
  /** `$host` loses a port other than 80 and 443, and Django then refuses every form with an Origin. */
  readonly host: Text;
  /** `$proxy_add_x_forwarded_for` keeps what the client claims; `$remote_addr` is what nginx sees. */
  readonly clients: Variable;
  /** How the visitor came: `http` or `https`. */
  readonly scheme: Variable | "https";
}

export const forwarded = ({ host, clients, scheme }: Forwarded): Node<"location">[] => [
  nginx.proxy_set_header("Host", host),
  nginx.proxy_set_header("X-Real-IP", v.remote_addr),
  nginx.proxy_set_header("X-Forwarded-For", clients),
  nginx.proxy_set_header("X-Forwarded-Proto", scheme),
];

/**
 * The visitor's address behind a load balancer: the last one in X-Forwarded-For that is none of its own, for it adds the
 * address that it saw behind whatever the visitor claimed. From here on `$remote_addr` is the visitor.
 */
export const visitorBehind = (networks: readonly Cidr[]): Node<"http">[] => [
  ...networks.map((network) => nginx.set_real_ip_from(network)),
  nginx.real_ip_header("X-Forwarded-For"),
  nginx.real_ip_recursive("on"),
];

/** Headers that applications believe and only a proxy may send. Gunicorn trusts its socket, so nginx must not pass a visitor's. */
export const withoutForgeries = (): Node<"location">[] =>
  [
    "Forwarded",
    "X-Forwarded-Host",
    "X-Forwarded-Port",
    "X-Forwarded-Prefix",
    "X-Forwarded-Protocol",
    "X-Forwarded-Ssl",
  ].map((name) => nginx.proxy_set_header(name, ""));

/** One identifier for each request, in the log, for the application and in the answer. nginx makes it: a client cannot choose it. */
export const requestId = (): Node<"location">[] => [
  nginx.proxy_set_header("X-Request-ID", v.request_id),
  nginx.proxy_hide_header("X-Request-ID"),
  nginx.add_header("X-Request-ID", v.request_id, "always"),
];
