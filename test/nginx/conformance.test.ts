import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { nginx } from "../../components/nginx/build.ts";
import type { Build } from "../../components/nginx/build.ts";
import { directives } from "../../components/nginx/directives.ts";
import type { Directive } from "../../components/nginx/directives.ts";
import type { Context, Node } from "../../components/nginx/model.ts";
import { unprivileged } from "../../components/nginx/presets/process.ts";
import { isAtLeast, render } from "../../components/nginx/render.ts";
import { lineFeed, ownVariable, text, v } from "../../components/nginx/values.ts";
import { MAINLINE_LACKS, nginxTest, startLab, VERSIONS } from "./real-nginx.ts";
import type { Lab, Which } from "./real-nginx.ts";

type Name = keyof Build;

const CONTEXTS = ["main", "events", "http", "upstream", "server", "location"] as const satisfies readonly Context[];
const BROTLI = nginx.load_module("/usr/lib/nginx/modules/ngx_http_brotli_static_module.so");
const cache = { directory: "/tmp/c", zone: "z", memory: "1m", maxSize: "1m", inactive: "1m" } as const;

/** One use of every directive: the type has a key for each, so that a new line in the table needs one here. */
const samples: Readonly<Record<Name, Node<never>>> = {
  absolute_redirect: nginx.absolute_redirect("off"),
  allow: nginx.allow("192.0.2.0/24"),
  auth_basic: nginx.auth_basic("Restricted"),
  auth_basic_user_file: nginx.auth_basic_user_file("/lab/users"),
  deny: nginx.deny("all"),
  error_page: nginx.error_page([502, 504], "/down.html"),
  error_page_return: nginx.error_page_return(497, 308, ["https://", v.host]),
  geo: nginx.geo(ownVariable("g")),
  geo_network: nginx.geo_network("192.0.2.0/24", "1"),
  hash: nginx.hash(v.remote_addr),
  http2: nginx.http2("on"),
  if_set: nginx.if_set(v.host),
  least_conn: nginx.least_conn(),
  limit_req: nginx.limit_req("r", 20),
  limit_req_dry_run: nginx.limit_req_dry_run("on"),
  limit_req_status: nginx.limit_req_status(429),
  limit_req_zone: nginx.limit_req_zone(v.binary_remote_addr, { zone: "other", memory: "1m", rate: "10r/s" }),
  listen_local: nginx.listen_local(8082),
  listen_socket: nginx.listen_socket("/tmp/listen.sock"),
  map: nginx.map(v.host, ownVariable("m")),
  map_match: nginx.map_match({ pattern: "^a$" }, "b"),
  map_value: nginx.map_value("", "b"),
  map_volatile: nginx.map_volatile(),
  proxy_buffering: nginx.proxy_buffering("off"),
  proxy_http_version: nginx.proxy_http_version("1.1"),
  proxy_request_buffering: nginx.proxy_request_buffering("off"),
  ssl_certificate: nginx.ssl_certificate("/etc/nginx-conf/site.crt"),
  ssl_certificate_key: nginx.ssl_certificate_key("/etc/nginx-conf/site.key"),
  ssl_ciphers: nginx.ssl_ciphers("ECDHE-ECDSA-AES128-GCM-SHA256"),
  ssl_prefer_server_ciphers: nginx.ssl_prefer_server_ciphers("off"),
  ssl_protocols: nginx.ssl_protocols("TLSv1.2", "TLSv1.3"),
  ssl_session_cache: nginx.ssl_session_cache("S", "1m"),
  ssl_session_timeout: nginx.ssl_session_timeout("1d"),
  stub_status: nginx.stub_status(),
  types: nginx.types(),
  types_entry: nginx.types_entry("text/javascript", "mjs"),
  access_log: nginx.access_log({ path: "/tmp/a.log", format: "combined", buffer: "64k", flush: "1s" }),
  add_header: nginx.add_header("X-A", "b", "always"),
  alias: nginx.alias("/srv/"),
  brotli_static: nginx.brotli_static("on"),
  client_body_buffer_size: nginx.client_body_buffer_size("64k"),
  client_body_temp_path: nginx.client_body_temp_path("/tmp/b"),
  client_body_timeout: nginx.client_body_timeout("15s"),
  client_header_timeout: nginx.client_header_timeout("10s"),
  client_max_body_size: nginx.client_max_body_size("10m"),
  default_type: nginx.default_type("text/plain"),
  error_log: nginx.error_log("/dev/stderr", "warn"),
  events: nginx.events(),
  expires: nginx.expires("30d"),
  fastcgi_temp_path: nginx.fastcgi_temp_path("/tmp/f"),
  gzip: nginx.gzip("on"),
  gzip_comp_level: nginx.gzip_comp_level(4),
  gzip_min_length: nginx.gzip_min_length(512),
  gzip_proxied: nginx.gzip_proxied("any"),
  gzip_static: nginx.gzip_static("on"),
  gzip_types: nginx.gzip_types("text/css", "text/plain"),
  gzip_vary: nginx.gzip_vary("on"),
  http: nginx.http(),
  include: nginx.include("/lab/none/*.conf"),
  keepalive: nginx.keepalive(32),
  keepalive_off: nginx.keepalive_off(),
  keepalive_timeout: nginx.keepalive_timeout("75s"),
  listen: nginx.listen(8081, "default_server"),
  load_module: BROTLI,
  location: nginx.location("/x/y/"),
  log_format: nginx.log_format("f", v.status),
  open_file_cache: nginx.open_file_cache(100, "60s"),
  open_file_cache_errors: nginx.open_file_cache_errors("off"),
  open_file_cache_min_uses: nginx.open_file_cache_min_uses(2),
  open_file_cache_valid: nginx.open_file_cache_valid("1s"),
  pid: nginx.pid("/tmp/p.pid"),
  proxy_buffer_size: nginx.proxy_buffer_size("4k"),
  proxy_buffers: nginx.proxy_buffers(16, "16k"),
  proxy_cache: nginx.proxy_cache("z"),
  proxy_cache_background_update: nginx.proxy_cache_background_update("on"),
  proxy_cache_bypass: nginx.proxy_cache_bypass(v.http_authorization),
  proxy_cache_key: nginx.proxy_cache_key(v.scheme, "://", v.host, v.request_uri),
  proxy_cache_lock: nginx.proxy_cache_lock("on"),
  proxy_cache_lock_timeout: nginx.proxy_cache_lock_timeout("5s"),
  proxy_cache_path: nginx.proxy_cache_path({ ...cache, zone: "other" }),
  proxy_cache_use_stale: nginx.proxy_cache_use_stale("error", "updating"),
  proxy_cache_valid: nginx.proxy_cache_valid(200, "1s"),
  proxy_connect_timeout: nginx.proxy_connect_timeout("2s"),
  proxy_hide_header: nginx.proxy_hide_header("X-A"),
  proxy_max_temp_file_size: nginx.proxy_max_temp_file_size("1m"),
  proxy_next_upstream: nginx.proxy_next_upstream("error", "timeout", "http_502", "http_503"),
  proxy_next_upstream_timeout: nginx.proxy_next_upstream_timeout("5s"),
  proxy_next_upstream_tries: nginx.proxy_next_upstream_tries(2),
  proxy_no_cache: nginx.proxy_no_cache(v.http_authorization),
  proxy_pass: nginx.proxy_pass("http://127.0.0.1:1"),
  proxy_read_timeout: nginx.proxy_read_timeout("35s"),
  proxy_send_timeout: nginx.proxy_send_timeout("35s"),
  proxy_set_header: nginx.proxy_set_header("Host", v.host),
  proxy_temp_path: nginx.proxy_temp_path("/tmp/pt"),
  real_ip_header: nginx.real_ip_header("X-Forwarded-For"),
  real_ip_recursive: nginx.real_ip_recursive("on"),
  reset_timedout_connection: nginx.reset_timedout_connection("on"),
  return: nginx.return(200, "ok"),
  scgi_temp_path: nginx.scgi_temp_path("/tmp/s"),
  send_timeout: nginx.send_timeout("30s"),
  sendfile: nginx.sendfile("on"),
  server: nginx.server(),
  server_name: nginx.server_name("a.example"),
  set_real_ip_from: nginx.set_real_ip_from("10.0.0.0/24"),
  server_tokens: nginx.server_tokens("off"),
  tcp_nopush: nginx.tcp_nopush("on"),
  upstream: nginx.upstream("v", nginx.upstream_server({ address: "127.0.0.1:2", maxFails: 0 })),
  upstream_server: nginx.upstream_server({ address: "127.0.0.1:2", weight: 2, maxFails: 3, failTimeout: "10s" }),
  uwsgi_temp_path: nginx.uwsgi_temp_path("/tmp/u"),
  worker_connections: nginx.worker_connections(64),
  worker_processes: nginx.worker_processes("auto"),
  worker_rlimit_nofile: nginx.worker_rlimit_nofile(1024),
  worker_shutdown_timeout: nginx.worker_shutdown_timeout("40s"),
  zone: nginx.zone("u", "64k"),
};

/** Further forms of directives that take more than one. */
const forms: readonly Node<"location">[] = [
  nginx.access_log("off"),
  nginx.add_header("X-A", ["b", v.host]),
  nginx.expires("off"),
  nginx.keepalive_timeout(65),
  nginx.proxy_set_header("X-A", ""),
  nginx.return(204),
  nginx.return(200, "ok", lineFeed),
  ...([{ exact: "/x/y" }, /^\/x\/[0-9a-f]{2,}$/, /\.HTML$/i] as const).map((place) => nginx.location(place)),
];
const otherForms = [
  nginx.pid("/tmp/test.pid"),
  nginx.worker_processes(2),
  nginx.events(),
  nginx.http(
    ...unprivileged().http,
    nginx.access_log("off"),
    nginx.upstream(
      "v",
      nginx.upstream_server({ address: "unix:/run/a.sock", maxFails: 0 }),
      nginx.upstream_server({ address: "127.0.0.1:8000", maxFails: 0, backup: true }),
    ),
    nginx.map(
      text`${v.scheme}:${v.http_upgrade}`,
      ownVariable("matched"),
      nginx.map_volatile(),
      nginx.map_value("default", ""),
      nginx.map_value("", "none"),
      nginx.map_match({ pattern: "^a{1,2}$" }, v.host),
    ),
    nginx.types(nginx.types_entry("text/javascript", "mjs")),
    nginx.geo(ownVariable("near"), nginx.geo_network("default", "0"), nginx.geo_network("2001:db8::/32", "1")),
    ...forms.map((form, index) => nginx.server(nginx.listen(9000 + index), nginx.location("/x/", form))),
  ),
];

/** One name with two meanings: there nginx reads the other one and misses its arguments, whatever words it finds for that. */
const OTHER_MEANING: Partial<Record<Name, Context>> = { server: "upstream", upstream_server: "http" };

/** Debian's nginx has everything that the table names. */
const LACKING: Readonly<Record<Which, ReadonlySet<string>>> = { debian: new Set(), mainline: MAINLINE_LACKS };

/** What a directive needs elsewhere in `http`. */
const PARTNERS: Partial<Record<Name, readonly Node<"http">[]>> = {
  limit_req: [nginx.limit_req_zone(v.binary_remote_addr, { zone: "r", memory: "1m", rate: "1r/s" })],
  proxy_cache: [nginx.proxy_cache_path(cache)],
  ssl_certificate: [nginx.ssl_certificate_key("/etc/nginx-conf/site.key")],
};

/** The smallest configuration with the directive in that context: written as text, since the types refuse most of them. */
function configuration(name: Name, context: Context, which: Which): string {
  const line = render([samples[name]], VERSIONS.mainline);
  const at = (here: Context) => (here === context ? line : "");
  const unless = (taken: Name, here: Context, text: string) => (name === taken && context === here ? "" : text);
  const temporary = (["client_body", "proxy", "fastcgi", "uwsgi", "scgi"] as const)
    .map((kind) => unless(`${kind}_temp_path`, "http", `${kind}_temp_path /tmp/${kind};`))
    .join(" ");
  return [
    unless("pid", "main", "pid /tmp/test.pid;"),
    name === "brotli_static" && which === "debian" ? render([BROTLI]) : "",
    at("main"),
    unless("events", "main", `events { ${at("events")} }`),
    unless(
      "http",
      "main",
      `http {
         access_log off; ${temporary} ${render(PARTNERS[name] ?? [])} ${at("http")}
         upstream u { ${at("upstream")} server 127.0.0.1:1; }
         server { listen 8080; ${at("server")} location /x/ { ${at("location")} } }
       }`,
    ),
  ].join("\n");
}

/** An entry of a map has no name that nginx could refuse elsewhere; the forms above try them in their own block. */
const ENTRIES: readonly Name[] = ["geo_network", "map_match", "map_value", "map_volatile", "types_entry"];

const names = (Object.keys(samples) as Name[]).filter((name) => !ENTRIES.includes(name));
const cases = names.flatMap((name) => CONTEXTS.map((context) => ({ name, context })));
let lab: Lab;

before(async () => void (lab = await startLab()));
after(() => lab.remove());

for (const which of ["debian", "mainline"] as const) {
  test(`nginx ${VERSIONS[which]} takes each directive exactly where the table says`, async (t) => {
    const answers = await nginxTest(
      lab,
      cases.map(({ name, context }) => configuration(name, context, which)),
      which,
    );
    const wrong = cases.flatMap(({ name, context }, index) => {
      const said = answers[index] ?? "no answer";
      const { contexts, since } = directives[name] as Directive;
      const lacking = LACKING[which].has(name) || (since !== undefined && !isAtLeast(VERSIONS[which], since));
      const expected = contexts.includes(context) && !lacking;
      if (expected) return said === "" ? [] : [`${name} in ${context}: ${said}`];
      const reason = lacking ? /./ : /directive is not allowed here/;
      if (context === OTHER_MEANING[name]) return said === "" ? [`${name} in ${context}: accepted`] : [];
      return reason.test(said) ? [] : [`${name} in ${context}: ${said || "accepted, but not in the table"}`];
    });
    assert.deepEqual(wrong, []);
    assert.deepEqual(await nginxTest(lab, [render(otherForms)], which), [""]);
    t.diagnostic(`${cases.length} configurations: ${names.length} directives in ${CONTEXTS.length} contexts`);
  });
}
