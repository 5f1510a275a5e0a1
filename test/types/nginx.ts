// Wrong samples: `tsc` refuses the repository if one of them compiles. Nothing runs this file.
import { nginx, render, text, v } from "../../components/nginx/index.ts";
import type { Node, Site } from "../../components/nginx/index.ts";
import type { Timeouts } from "../../components/edge/timeouts.ts";

// --- right: the same shapes compile

const headers: Node<"location">[] = [nginx.proxy_set_header("Host", v.host), nginx.proxy_pass("http://gunicorn")];
const anywhere = [nginx.sendfile("on"), nginx.gzip("on")];
export const right: Node<"main">[] = [
  nginx.events(nginx.worker_connections(1)),
  nginx.http(...anywhere, nginx.server(...anywhere, nginx.location("/", ...anywhere, ...headers))),
];

// --- wrong context

// @ts-expect-error a server directive in events
nginx.events(nginx.listen(80));
// @ts-expect-error an events directive in http
nginx.http(nginx.worker_connections(1));
// @ts-expect-error a location directive in a server
nginx.server(nginx.proxy_pass("http://gunicorn"));
// @ts-expect-error a location outside a server
nginx.http(nginx.location("/"));
// @ts-expect-error a server in a location
nginx.location("/", nginx.server());
// @ts-expect-error an http directive in the main context
export const main: Node<"main">[] = [nginx.sendfile("on")];
// @ts-expect-error a main directive in http
nginx.http(nginx.worker_shutdown_timeout("5s"));
// @ts-expect-error a proxy directive in an upstream
nginx.upstream("u", nginx.proxy_read_timeout("5s"));
// @ts-expect-error an upstream's server as a server
nginx.http(nginx.upstream_server("unix:/run/a.sock"));
// @ts-expect-error a server as an upstream's server
nginx.upstream("u", nginx.server());
const zone = nginx.proxy_cache_path({ directory: "/c", zone: "z", memory: "1m", maxSize: "1m", inactive: "1m" });
// @ts-expect-error the cache's zone in a location
nginx.location("/", zone);
// @ts-expect-error the log's format in a server
nginx.server(nginx.log_format("f", v.status));

// --- wrong context through spreads and mixed arrays

// @ts-expect-error a spread of location directives in a server
nginx.server(...headers);
const mixed = [nginx.gzip("on"), nginx.listen(80)];
// @ts-expect-error one element of a mixed array does not belong into a location
nginx.location("/", ...mixed);
// @ts-expect-error nor beside right ones
nginx.http(nginx.sendfile("on"), ...anywhere, ...mixed);
// @ts-expect-error an array built by a condition
nginx.server(nginx.listen(80), ...(right.length > 1 ? [nginx.alias("/x/")] : []));
// @ts-expect-error a node does not become more welcome by a variable of its own
export const wide: Node<"http" | "location"> = nginx.alias("/x/");

// --- wrong unit

// @ts-expect-error a time without a unit
nginx.send_timeout("30");
// @ts-expect-error a number for a time
nginx.proxy_read_timeout(30);
// @ts-expect-error a size for a time
nginx.expires("30m0k");
// @ts-expect-error a time for a size
nginx.client_max_body_size("10s");
// @ts-expect-error bytes have no unit in nginx
nginx.client_max_body_size("10MB");
// @ts-expect-error a word for a switch
nginx.gzip("yes");
// @ts-expect-error a truth value for a switch
nginx.gzip(true);
// @ts-expect-error a text for a number
nginx.listen("80");
// @ts-expect-error a path without its slash
nginx.alias("srv/static");

// --- wrong value

// @ts-expect-error an unknown directive
nginx.proxy_purge("on");
// @ts-expect-error an unknown variable
nginx.proxy_set_header("X", v.hots);
// @ts-expect-error a variable where nginx takes none
nginx.alias(v.request_uri);
// @ts-expect-error an address without its scheme
nginx.proxy_pass("gunicorn:8000");
// @ts-expect-error a POST must not run twice
nginx.proxy_next_upstream("error", "non_idempotent");
// @ts-expect-error a time for a number of connections
nginx.keepalive("32s");
// @ts-expect-error a line feed in a header
nginx.add_header("X", [{ lineFeed: true }]);
// @ts-expect-error a regular expression in a header
nginx.add_header("X", { pattern: "a" });
// @ts-expect-error a number in a text with variables
text`${v.host}:${8080}`;
// @ts-expect-error text is no configuration: there is no raw string
render(["gzip on;"]);
// @ts-expect-error nor in a block
nginx.http("gzip on;");

// --- wrong pair, in the site and the ladder

declare const site: Site;
// @ts-expect-error sockets with a port
export const socketsWithPort: Site["upstream"] = { kind: "sockets", host: "frontend", port: 8000 };
// @ts-expect-error a service name with sockets
export const tcpWithPaths: Site["upstream"] = { kind: "tcp", paths: ["/run/gunicorn/gunicorn-1.sock"] };
// @ts-expect-error a cache without a time
export const cacheOn: Site["paths"] = { "/a/": { cache: true } };
// @ts-expect-error an unknown rule
export const unknownRule: Site["paths"] = { "/a/": { speed: "1s" } };
// @ts-expect-error a path that is none
export const noPath: Site["paths"] = { api: { cache: "1s" } };
// @ts-expect-error a request that may take for ever
export const forever: Site = { ...site, requestTimeout: "unlimited" };
// @ts-expect-error a load balancer of which only half is known
export const half: Timeouts["loadBalancer"] = { idle: 60 };
