import assert from "node:assert/strict";
import { test } from "node:test";
import { nginx, originalNodes, render, siteNodes, siteText, siteTimeouts } from "../../components/nginx/index.ts";
import type { Path, Site, Size, Time } from "../../components/nginx/index.ts";
import { UserError } from "../../components/shared/user-error.ts";
import { flatLines } from "./flat-lines.ts";
import { LOCAL } from "./sites.ts";

const lines = (change: Partial<Site>) => flatLines(siteNodes({ ...LOCAL, ...change }));
const matching = (change: Partial<Site>, part: RegExp) => lines(change).filter((line) => part.test(line));

const problems = (attempt: () => unknown) => {
  try {
    attempt();
  } catch (error) {
    assert.ok(error instanceof UserError);
    return error.problems.map(({ where, what }) => `${where}: ${what}`);
  }
  return [];
};

test("the Host names the published port, unless it is the scheme's own", () => {
  const host = (publicPort: number) =>
    matching({ publicPort }, /^http > server > proxy_set_header Host/).map((line) => line.split("Host ")[1]);
  assert.deepEqual([host(80), host(443), host(8443)], [["$host;"], ["$host;"], ["$host:8443;"]]);
});

test("a service name is listed twice, so that a failed request gets its second try", () => {
  const upstream = { kind: "tcp", host: "frontend", port: 8000 } as const;
  assert.deepEqual(
    matching({ upstream }, /upstream gunicorn > server/),
    Array(2).fill("http > upstream gunicorn > server frontend:8000 max_fails=0;"),
  );
});

test("static files and media are served only where they are wanted, and brotli's module with the former", () => {
  assert.deepEqual(matching({ staticFiles: false }, /static|load_module/), []);
  assert.deepEqual(matching({ media: false }, /media/), []);
});

test("connections to Gunicorn are kept only where the site says so, and nginx is told where it would keep them by itself", () => {
  const upstream = (keepalive: number, nginxVersion: string) =>
    siteText({ ...LOCAL, balancing: { ...LOCAL.balancing, keepalive }, nginxVersion })
      .split("\n")
      .map((line) => line.trim())
      .filter((line) => /^keepalive|set_header Connection/.test(line) && line !== "keepalive_timeout 75s;");
  const kept = ["keepalive 32;", "keepalive_timeout 15s;", ...Array<string>(2).fill('proxy_set_header Connection "";')];
  assert.deepEqual(upstream(32, "1.26.3"), kept);
  assert.deepEqual(upstream(32, "1.29.7"), kept);
  assert.deepEqual(upstream(0, "1.29.6"), []);
  assert.deepEqual(upstream(0, "1.29.7"), ["keepalive 0;"]);
});

test("an older nginx is not given what it does not know", () => {
  assert.deepEqual(
    problems(() => render([nginx.upstream("u", nginx.keepalive_off())], "1.26.3")),
    ["nginx keepalive: needs nginx 1.29.7 or newer, but the configuration is for 1.26.3."],
  );
});

test("a path with a slash at its end is a prefix and its address without it, another one an address; only a cached one needs the cache", () => {
  const paths = { "/reports/": { cache: "10s" }, "/upload": { upload: "200m", timeout: "120s" } } as const;
  assert.deepEqual(matching({ paths }, /location [^>]*{}$/).slice(-4), [
    "http > server > location /reports/ {}",
    "http > server > location = /reports {}",
    "http > server > location = /upload {}",
    "http > server > location / {}",
  ]);
  const upload = matching({ paths }, /= \/upload > (client_max|proxy_(read|send)_timeout|proxy_cache)/).map((line) =>
    line.split(" > ").at(-1),
  );
  assert.deepEqual(upload, ["client_max_body_size 200m;", "proxy_read_timeout 125s;", "proxy_send_timeout 125s;"]);
  assert.equal(matching({ paths }, /reports\/ > proxy_cache_valid 200 10s;$/).length, 1);
  assert.equal(matching({ paths }, /http > proxy_cache_path/).length, 1);
  assert.deepEqual(matching({ paths: { "/upload": { upload: "1g" } } }, /proxy_cache/), []);
});

test("every proxied place is told the same about the visitor, with its own headers beside", () => {
  const paths = { "/a/": { cache: "1s" }, "/b": { streaming: true }, "/c/": { auth: true }, "/d": {} } as const;
  const headers = (server: string) =>
    matching({ paths }, /proxy_set_header/)
      .filter((line) => line.startsWith(`http > server > ${server}proxy_set_header `))
      .map((line) => line.split(" > ").at(-1));
  const told = headers("").slice(2); // the first are the inner tier's
  assert.equal(told.length, 16);
  const kept = told.slice(-1);
  assert.deepEqual(kept, ['proxy_set_header Connection "";']);
  const beside = (...own: string[]) => [...told.slice(0, -1), ...own];
  assert.deepEqual(headers("location /a/ > "), beside("proxy_set_header Accept-Encoding $cached_encoding;", ...kept));
  assert.deepEqual(
    headers("location = /b > "),
    beside("proxy_set_header Upgrade $http_upgrade;", "proxy_set_header Connection $connection_upgrade;"),
  );
  assert.deepEqual(headers("location /c/ > "), beside('proxy_set_header Authorization "";', ...kept));
  assert.deepEqual(headers("location = /d > "), []); // those of the server
});

test("the slowest path decides the ladder, ordinary pages keep their limit", () => {
  const slow = siteTimeouts({ ...LOCAL, paths: { "/report/": { timeout: "5m" }, "/x/": {} } });
  assert.deepEqual([slow.gunicorn.worker, slow.upstream.read, slow.upstream.longestRead], [300, 35, 305]);
  assert.deepEqual(siteTimeouts({ ...LOCAL, paths: { "/fast/": { timeout: "5s" } } }), siteTimeouts(LOCAL));
});

test("paths that nginx keeps for itself are refused, all at once", () => {
  const paths = {
    "/": { cache: "1s" },
    "/static/x": {},
    "/media/": {},
    "/healthz/app": {},
    ["api" as Path]: {},
    "/fine/": {},
    "/healthz/": {},
  } as const;
  assert.deepEqual(
    problems(() => siteText({ ...LOCAL, paths })),
    [
      "paths./.cache: cannot be for the whole site.",
      "paths./static/x: nginx answers /static/ itself, not the application.",
      "paths./media/: nginx answers /media/ itself, not the application.",
      "paths./healthz/app: nginx answers /healthz/app itself, not the application.",
      "paths.api: does not begin with a slash.",
    ],
  );
  assert.deepEqual(
    problems(() => siteText({ ...LOCAL, media: false, paths: { "/media/": {} } })),
    [],
  );
});

test("what the types admit and nginx does not is refused with the directive's name", () => {
  const bad: [string, () => unknown][] = [
    ["send_timeout", () => nginx.send_timeout("1.5s")],
    ["send_timeout", () => nginx.send_timeout("-1s")],
    ["client_max_body_size", () => nginx.client_max_body_size("1e3m")],
    ["client_max_body_size", () => nginx.client_max_body_size("5 m; deny all" as Size)],
    ["expires", () => nginx.expires("later" as Time)],
    ["alias", () => nginx.alias("srv/" as Path)],
    ["location", () => nginx.location("~ /x" as Path)],
    ["worker_connections", () => nginx.worker_connections(1.5)],
    ["listen", () => nginx.listen(Number.NaN)],
  ];
  for (const [name, attempt] of bad) assert.match(problems(attempt)[0] ?? "accepted", new RegExp(`^nginx ${name}: `));
});

test("the original needs nothing that a site does not use", () => {
  const names = (nodes: readonly string[]) => new Set(nodes.map((line) => line.split(" > ").at(-1)?.split(" ")[0]));
  assert.deepEqual(
    [...names(flatLines(originalNodes()))].filter((name) => !names(lines({})).has(name)),
    ["server_name"],
  );
});
