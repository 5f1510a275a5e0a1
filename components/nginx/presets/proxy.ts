import type { Cidr, Text } from "../arguments.ts";
import { nginx } from "../build.ts";
import type { Node, Variable } from "../model.ts";
import { v } from "../values.ts";

/**
 * Room for large cookies and pages: an answer's head over the buffer (4k by default) would be a 502.
 * What a slow visitor has not taken yet waits in /tmp, which is memory: with nginx's limit of 1 GB for each answer a few large
 * downloads fill it, and all of them are cut. Beyond this limit Gunicorn waits.
 */
export const proxyBuffers = (): Node<"http">[] => [
  // 1.0 knows neither pieces nor kept connections; and an answer that ends with its connection could be half an answer.
  nginx.proxy_http_version("1.1"),
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

export const forwarded = ({ host, clients, scheme }: Forwarded): Node<"server" | "location">[] => [
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
export const withoutForgeries = (): Node<"server" | "location">[] =>
  [
    "Forwarded",
    "X-Forwarded-Host",
    "X-Forwarded-Port",
    "X-Forwarded-Prefix",
    "X-Forwarded-Protocol",
    "X-Forwarded-Scheme",
    "X-Forwarded-Ssl",
    "X-Client-IP",
    "True-Client-IP",
    "X-Original-URL",
  ].map((name) => nginx.proxy_set_header(name, ""));

/**
 * One identifier for each request, in the log, for the application and in the answer (headers.ts). nginx makes it: a client
 * cannot choose it, and what the application answers does not replace it.
 */
export const requestId = (): Node<"server" | "location">[] => [nginx.proxy_set_header("X-Request-ID", v.request_id)];

/** Of an answer of the application: nginx says it itself. */
export const hidden = (): Node<"server">[] => [nginx.proxy_hide_header("X-Request-ID")];
