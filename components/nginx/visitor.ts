import type { Text } from "./arguments.ts";
import { nginx } from "./build.ts";
import type { Node } from "./model.ts";
import { forwarded, requestId, withoutForgeries } from "./presets/proxy.ts";
import type { Site } from "./site.ts";
import { text, v } from "./values.ts";

/** The Host as the visitor's browser wrote it: with the port, unless it is the scheme's own. */
export const visitorHost = ({ publicPort }: Site): Text =>
  publicPort === 80 || publicPort === 443 ? v.host : text`${v.host}:${String(publicPort)}`;

/**
 * What the application is told about a visitor. A location that sets one header of its own repeats all of them, for nginx
 * inherits all or none (https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_set_header).
 * The load balancer sends plain requests to https itself: what reaches nginx through it came by https.
 */
export const told = ({ loadBalancer }: Site, host: Text): Node<"server" | "location">[] => [
  ...forwarded({ host, clients: v.remote_addr, scheme: loadBalancer ? "https" : v.scheme }),
  ...withoutForgeries(),
  ...requestId(),
];

/** nginx says `close` by itself; without a word a connection of HTTP/1.1 stays. */
export const connection = ({ keepalive }: Site["balancing"]): Node<"server" | "location">[] =>
  keepalive > 0 ? [nginx.proxy_set_header("Connection", "")] : [];
