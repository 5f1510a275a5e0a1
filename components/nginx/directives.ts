import { accessLog, cachePath, network, place, rateZone, upstreamServer } from "./arguments.ts";
import type {
  AccessLog,
  Cache,
  Cidr,
  Conditions,
  Network,
  Place,
  RateZone,
  Retry,
  Stale,
  Switch,
  Text,
  UpstreamServer,
} from "./arguments.ts";
import type { Context, LineFeed, Pattern, Value, Variable, Word } from "./model.ts";
import * as values from "./values.ts";
import type { Path, Size, Time } from "./values.ts";

/** What is known of a directive: where nginx takes it, what arguments, what its block is. */
export interface Directive<
  C extends Context = Context,
  A extends readonly unknown[] = never,
  B extends Context = Context,
> {
  readonly contexts: readonly C[];
  readonly parse: (...args: A) => readonly Word[];
  /** The context of its block. */
  readonly inside?: B;
  /** nginx's own name, where it gives one name to two directives. */
  readonly name?: string;
  /** The first nginx that takes it as it is written here. */
  readonly since?: string;
  /** The module that brings it, where a build of nginx may lack it. */
  readonly module?: string;
}

const d = <const C extends Context, A extends readonly unknown[]>(
  contexts: readonly C[],
  parse: (...args: A) => readonly Word[],
  more: Pick<Directive, "name" | "since" | "module"> = {},
): Directive<C, A, never> => ({ contexts, parse, ...more });

const block = <const C extends Context, const B extends Context, A extends readonly unknown[]>(
  contexts: readonly C[],
  inside: B,
  parse: (...args: A) => readonly Word[],
  more: Pick<Directive, "name"> = {},
): Directive<C, A, B> & { readonly inside: B } => ({ contexts, inside, parse, ...more });

const HSL = ["http", "server", "location"] as const;
const SL = ["server", "location"] as const;
const GZIP_STATIC = { module: "ngx_http_gzip_static_module" } as const;
const BROTLI_STATIC = { module: "ngx_http_brotli_static_module" } as const;

/** nginx has no name for these: the line is the entry. */
const ENTRY = { name: "" } as const;

const onOff = (value: Switch) => [value];
const dir = (path: Path) => [values.path(path)];
const time = (value: Time) => [values.time(value)];
const size = (value: Size) => [values.size(value)];
const whole = (value: number) => [values.count(value)];
const any = (...values: Conditions) => values;
const header = (name: string, value: Text) => [name, value];

/**
 * Every directive in use, one line each: the contexts as nginx.org prints them (those that this project writes), then its
 * arguments. test/nginx/conformance.test.ts tries each line in each context on the real nginx.
 */
export const directives = {
  // blocks
  events: block(["main"], "events", () => []),
  http: block(["main"], "http", () => []),
  upstream: block(["http"], "upstream", (name: string) => [name]),
  server: block(["http"], "server", () => []),
  location: block(SL, "location", (where: Place) => place(where)),
  geo: block(["http"], "geo", (target: Variable) => [target]),
  map: block(["http"], "map", (source: Text, target: Variable) => [source, target]),
  types: block(HSL, "types", () => []),
  // Only to return: nginx runs everything else in an `if` in ways that surprise.
  if_set: block(SL, "if", (variable: Variable) => [["(", variable, ")"]], { name: "if" }),

  // entries of map, geo and types
  geo_network: d(
    ["geo"],
    (from: Network | "default", value: string) => [from === "default" ? from : network(from), value],
    ENTRY,
  ),
  map_match: d(["map"], (pattern: Pattern, value: Text) => [["~", pattern], value], ENTRY),
  map_volatile: d(["map"], () => ["volatile"], ENTRY),
  map_value: d(["map"], (source: "default" | "" | "1:no-cache", value: Value) => [source, value], ENTRY),
  types_entry: d(["types"], (type: string, extension: string) => [type, extension], ENTRY),

  // process
  error_log: d(["main", ...HSL], (path: Path, level: "warn" | "error") => [path, level]),
  include: d(["main", "events", "upstream", ...HSL], (file: string) => [file]),
  load_module: d(["main"], dir),
  pid: d(["main"], dir),
  worker_connections: d(["events"], whole),
  worker_processes: d(["main"], (processes: number | "auto") => [String(processes)]),
  worker_rlimit_nofile: d(["main"], whole),
  worker_shutdown_timeout: d(["main"], time),

  // server
  absolute_redirect: d(HSL, onOff),
  access_log: d(HSL, (log: "off" | AccessLog) => accessLog(log)),
  add_header: d(HSL, (name: string, value: Text, always?: "always") => [
    ...header(name, value),
    ...(always ? [always] : []),
  ]),
  alias: d(["location"], dir),
  client_body_buffer_size: d(HSL, size),
  client_body_temp_path: d(HSL, dir),
  client_body_timeout: d(HSL, time),
  client_header_timeout: d(["http", "server"], time),
  client_max_body_size: d(HSL, size),
  default_type: d(HSL, (type: string) => [type]),
  error_page: d(HSL, (statuses: readonly number[], page: Path) => [...statuses.flatMap(whole), page]),
  error_page_return: d(
    HSL,
    (status: number, as: number, target: Value | readonly Value[]) => [
      ...whole(status),
      `=${values.count(as)}`,
      target,
    ],
    { name: "error_page" },
  ),
  expires: d(HSL, (value: Time | "off") => (value === "off" ? [value] : time(value))),
  keepalive_timeout: d([...HSL, "upstream"], (value: Time | number) =>
    typeof value === "number" ? whole(value) : time(value),
  ),
  listen: d(["server"], (port: number, ...flags: ("default_server" | "ssl")[]) => [...whole(port), ...flags]),
  listen_local: d(["server"], (port: number) => [["127.0.0.1:", ...whole(port)]], { name: "listen" }),
  listen_socket: d(["server"], (socket: Path) => [["unix:", values.path(socket)]], { name: "listen" }),
  log_format: d(["http"], (name: string, ...line: Value[]) => [name, "escape=json", line]),
  open_file_cache: d(HSL, (files: number, idle: Time) => [
    `max=${values.count(files)}`,
    `inactive=${values.time(idle)}`,
  ]),
  open_file_cache_errors: d(HSL, onOff),
  open_file_cache_min_uses: d(HSL, whole),
  open_file_cache_valid: d(HSL, time),
  real_ip_header: d(HSL, (name: string) => [name]),
  real_ip_recursive: d(HSL, onOff),
  reset_timedout_connection: d(HSL, onOff),
  return: d([...SL, "if"], (status: number, ...body: (Value | LineFeed)[]) => [
    ...whole(status),
    ...(body.length > 0 ? [body] : []),
  ]),
  send_timeout: d(HSL, time),
  stub_status: d(SL, () => []),
  sendfile: d(HSL, onOff),
  server_name: d(["server"], (name: string) => [name]),
  server_tokens: d(HSL, onOff),
  set_real_ip_from: d(HSL, (network: Cidr) => [network]),
  tcp_nopush: d(HSL, onOff),

  // who may come, and how often
  allow: d(HSL, (from: Network | "all") => [from === "all" ? from : network(from)]),
  auth_basic: d(HSL, (realm: string) => [realm]),
  auth_basic_user_file: d(HSL, dir),
  deny: d(HSL, (from: Network | "all") => [from === "all" ? from : network(from)]),
  limit_req: d(HSL, (zone: string, burst: number) => [
    `zone=${zone}`,
    ...(burst > 0 ? [`burst=${values.count(burst)}`, "nodelay"] : []),
  ]),
  limit_req_dry_run: d(HSL, onOff),
  limit_req_status: d(HSL, whole),
  limit_req_zone: d(["http"], (key: Variable, zone: RateZone) => rateZone(key, zone)),

  // TLS
  http2: d(["http", "server"], onOff),
  ssl_certificate: d(["http", "server"], dir),
  ssl_certificate_key: d(["http", "server"], dir),
  ssl_ciphers: d(["http", "server"], (ciphers: string) => [ciphers]),
  ssl_prefer_server_ciphers: d(["http", "server"], onOff),
  ssl_protocols: d(["http", "server"], (...protocols: ("TLSv1.2" | "TLSv1.3")[]) => protocols),
  ssl_session_cache: d(["http", "server"], (zone: string, memory: Size) => [`shared:${zone}:${values.size(memory)}`]),
  ssl_session_timeout: d(["http", "server"], time),

  // compression
  brotli_static: d(HSL, onOff, BROTLI_STATIC),
  gzip: d(HSL, onOff),
  gzip_comp_level: d(HSL, whole),
  gzip_min_length: d(HSL, whole),
  gzip_proxied: d(HSL, (when: "any") => [when]),
  gzip_static: d(HSL, onOff, GZIP_STATIC),
  gzip_types: d(HSL, (...types: string[]) => types),
  gzip_vary: d(HSL, onOff),

  // upstream: without `keepalive 0` nginx 1.29.7 and newer keep connections to Gunicorn, where older ones refuse the zero
  keepalive: d(["upstream"], whole),
  keepalive_off: d(["upstream"], () => ["0"], { name: "keepalive", since: "1.29.7" }),
  hash: d(["upstream"], (key: Variable) => [key, "consistent"]),
  least_conn: d(["upstream"], () => []),
  upstream_server: d(["upstream"], (server: UpstreamServer) => upstreamServer(server), { name: "server" }),
  zone: d(["upstream"], (name: string, memory: Size) => [name, ...size(memory)]),

  // proxy
  fastcgi_temp_path: d(HSL, dir),
  proxy_buffer_size: d(HSL, size),
  proxy_buffering: d(HSL, onOff),
  proxy_buffers: d(HSL, (number: number, each: Size) => [...whole(number), ...size(each)]),
  proxy_connect_timeout: d(HSL, time),
  proxy_hide_header: d(HSL, (name: string) => [name]),
  proxy_http_version: d(HSL, (version: "1.1") => [version]),
  proxy_max_temp_file_size: d(HSL, size),
  proxy_next_upstream: d(HSL, (...cases: Retry[]) => cases),
  proxy_next_upstream_timeout: d(HSL, time),
  proxy_next_upstream_tries: d(HSL, whole),
  proxy_pass: d(["location"], (url: `http://${string}`) => [url]),
  proxy_read_timeout: d(HSL, time),
  proxy_request_buffering: d(HSL, onOff),
  proxy_send_timeout: d(HSL, time),
  proxy_set_header: d(HSL, header),
  proxy_temp_path: d(HSL, dir),
  scgi_temp_path: d(HSL, dir),
  uwsgi_temp_path: d(HSL, dir),

  // cache
  proxy_cache: d(HSL, (zone: string) => [zone]),
  proxy_cache_background_update: d(HSL, onOff),
  proxy_cache_bypass: d(HSL, any),
  proxy_cache_key: d(HSL, (...key: Value[]) => [key]),
  proxy_cache_lock: d(HSL, onOff),
  proxy_cache_lock_timeout: d(HSL, time),
  proxy_cache_path: d(["http"], (cache: Cache) => cachePath(cache)),
  proxy_cache_use_stale: d(HSL, (...cases: Stale[]) => cases),
  proxy_cache_valid: d(HSL, (status: number, value: Time) => [...whole(status), ...time(value)]),
  proxy_no_cache: d(HSL, any),
};
