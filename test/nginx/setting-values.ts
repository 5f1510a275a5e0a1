import { z } from "zod";
import type { Values } from "./pairs.ts";

const ABSENT = { absent: undefined };

/**
 * Values of every setting, by a name for each: the default (absent), another one, and the edges of what is allowed.
 * `paths.cache` and its like are written into the rule of each of the `paths`.
 */
export const VALUES = {
  host: { docker: "docker" },
  edge: { nginx: "nginx" },
  projectDir: { ...ABSENT, odd: "../my site; } $HOME" },
  wsgiModule: { short: "mysite.wsgi", callable: "mysite.wsgi:create_app()" },
  asgiModule: { ...ABSENT, given: "mysite.routing:application" },
  // absent: what the project's files say, here one kind of project and then the other
  framework: { foundDjango: undefined, foundFlask: undefined, django: "django", wsgi: "wsgi" },
  settingsModule: { ...ABSENT, given: "mysite.settings.production" },
  settingsOverlay: { ...ABSENT, off: false },
  pythonBase: { ...ABSENT, other: "python:3.14-slim" },
  dockerfile: { ...ABSENT, own: "deploy/Dockerfile" },
  "systemPackages.build": { ...ABSENT, some: ["gcc", "libpq-dev"] },
  "systemPackages.run": { ...ABSENT, some: ["libpq5"] },
  packageIndex: { ...ABSENT, own: "https://packages.example.com/simple" },
  extraCaFile: { ...ABSENT, own: "company.pem" },
  replicas: { ...ABSENT, one: 1, most: 20 },
  cpu: { ...ABSENT, least: 0.25, most: 16 },
  memory: { ...ABSENT, least: "128m", large: "8g" },
  workerClass: { ...ABSENT, gthread: "gthread", sync: "sync", gevent: "gevent", uvicorn: "uvicorn" },
  workers: { ...ABSENT, one: 1, most: 64 },
  threads: { ...ABSENT, one: 1, most: 64 },
  workerConnections: { ...ABSENT, one: 1, most: 1000 },
  maxRequests: { ...ABSENT, never: 0, one: 1, most: 1_000_000 },
  upstream: { ...ABSENT, socket: "socket", tcp: "tcp" },
  requestTimeout: { ...ABSENT, least: "1s", most: "600s" },
  uploadLimit: { ...ABSENT, least: "1k", most: "1g" },
  paths: {
    ...ABSENT,
    below: ["/reports/"],
    exact: ["/reports"],
    nested: ["/a/", "/a/b/", "/A/"],
    inFolder: ["/a/", "/a/b", "/~user/x-y_z.html"],
    all: ["/"],
    ownMedia: ["/media/"],
    ownStatic: ["/static/"],
  },
  "paths.cache": { ...ABSENT, short: "1s", long: "365d", off: "off" },
  "paths.refresh": { ...ABSENT, staff: ["10.0.0.0/8", "2001:db8::/32"] },
  "paths.timeout": { ...ABSENT, short: "1s", long: "1h" },
  "paths.upload": { ...ABSENT, least: "1k", most: "1g" },
  "paths.uploadBuffering": { ...ABSENT, on: true, off: false },
  "paths.rateLimit": {
    ...ABSENT,
    off: "off",
    second: { rate: "10/s" },
    minute: { rate: "300/m", burst: 0, dryRun: true },
  },
  "paths.allow": { ...ABSENT, all: ["all"], office: ["203.0.113.0/24", "2001:db8::7"] },
  "paths.deny": { ...ABSENT, some: ["198.51.100.7", "2001:db8:1::/48"] },
  "paths.auth": { ...ABSENT, on: true, off: false },
  "paths.streaming": { ...ABSENT, on: true, off: false },
  "paths.compression": { ...ABSENT, on: true, off: false },
  "paths.redirect": { ...ABSENT, path: "/new/", elsewhere: "https://example.com/a?b=c", off: "off" },
  "paths.trailingSlash": { ...ABSENT, append: "append", remove: "remove", off: "off" },
  "paths.log": { ...ABSENT, on: true, off: false },
  "balancing.method": {
    ...ABSENT,
    turn: "round-robin",
    least: "least-connections",
    client: "client",
    uri: "uri",
  },
  "balancing.weights": { ...ABSENT, uneven: [2, 1] },
  "balancing.backup": { ...ABSENT, second: [2] },
  "balancing.maxFails": { ...ABSENT, never: 0, some: 3 },
  "balancing.failTimeout": { ...ABSENT, short: "5s" },
  "balancing.keepalive": { ...ABSENT, none: 0, one: 1, most: 1024 },
  "nginx.workerProcesses": { ...ABSENT, auto: "auto", one: 1, most: 64 },
  "nginx.workerConnections": { ...ABSENT, least: 256, most: 16_000 },
  "nginx.statusPort": { ...ABSENT, least: 1024, most: 65_535 },
  "clientTimeouts.header": { ...ABSENT, least: "1s", most: "5m" },
  "clientTimeouts.body": { ...ABSENT, least: "1s", most: "5m" },
  "clientTimeouts.send": { ...ABSENT, least: "1s", most: "5m" },
  canonicalHost: { ...ABSENT, www: "www.example.com" },
  securityHeaders: { ...ABSENT, own: { "Permissions-Policy": "camera=()", "Referrer-Policy": "" } },
  errorPages: { ...ABSENT, some: { "502": "/static/errors/down.html", "429": "/static/slow.html" } },
  "maintenance.allow": { ...ABSENT, nobody: [], staff: ["203.0.113.0/24"] },
  htpasswd: { ...ABSENT, given: "env:STAGING_USERS" },
  tls: { ...ABSENT, off: "off", on: "self-signed" },
  healthPath: { ...ABSENT, short: "/up", odd: "/~up/v1.0-x_y/" },
  media: { ...ABSENT, volume: "volume", none: "none" },
  allowedHosts: {
    ...ABSENT,
    name: ["www.example.com", "example.com"],
    subdomains: [".example.com"],
    address: ["[2001:db8::1]"],
  },
  env: {
    ...ABSENT,
    text: { GREETING: `"; } $host'\\` },
    others: { DEBUG_LEVEL: 3, FLAG: true },
    shared: { API_KEY: "x" },
  },
  secrets: { ...ABSENT, shared: { API_KEY: "env:API_KEY" }, key: { SECRET_KEY: "file:/run/key" } },
  releaseCommand: { ...ABSENT, none: [], own: ["python", "manage.py", "check"] },
  port: { ...ABSENT, least: 1024, most: 65535 },
  database: { ...ABSENT, sqlite: "sqlite", postgres: "postgres" },
} as const satisfies Values;

type Names = { readonly [K in keyof typeof VALUES]: keyof (typeof VALUES)[K] };

const GIVEN = ["one", "most"] as const;
const MOVED = ["path", "elsewhere"] as const;
const ON_THREADS = ["absent", "gthread", "sync"] as const;

/** Pairs that the settings, or the site made of them, refuse. */
export const EXCLUDED: readonly Partial<Names>[] = [
  { workerClass: "sync", threads: "most" }, // sync has no threads
  // each class has its own number of requests, and one of them ASGI
  ...(["gevent", "uvicorn"] as const).flatMap((workerClass) => GIVEN.map((threads) => ({ workerClass, threads }))),
  ...ON_THREADS.flatMap((workerClass) => GIVEN.map((workerConnections) => ({ workerClass, workerConnections }))),
  ...GIVEN.flatMap((threads) => GIVEN.map((workerConnections) => ({ threads, workerConnections }))),
  ...([...ON_THREADS, "gevent"] as const).map((workerClass) => ({ workerClass, asgiModule: "given" }) as const),
  ...GIVEN.map((threads) => ({ threads, asgiModule: "given" }) as const),
  { framework: "wsgi", settingsModule: "given" }, // settings are Django's
  { env: "shared", secrets: "shared" }, // one name, two values
  { media: "absent", paths: "ownMedia" }, // nginx serves /media/
  { media: "volume", paths: "ownMedia" },
  { framework: "foundDjango", paths: "ownStatic" }, // nginx serves /static/
  { framework: "django", paths: "ownStatic" },
  // a cache on every page, and what has a setting for the whole site
  ...(["short", "long", "off"] as const).map((cache) => ({ paths: "all", "paths.cache": cache }) as const),
  { paths: "all", "paths.refresh": "staff" },
  ...(["short", "long"] as const).map((timeout) => ({ paths: "all", "paths.timeout": timeout }) as const),
  ...(["least", "most"] as const).map((upload) => ({ paths: "all", "paths.upload": upload }) as const),
  ...([...MOVED, "off"] as const).map((redirect) => ({ paths: "all", "paths.redirect": redirect }) as const),
  // what has moved answers nothing else
  ...Object.entries(VALUES)
    .filter(([key]) => key.startsWith("paths.") && key !== "paths.redirect" && key !== "paths.log")
    .flatMap(([key, values]) => Object.keys(values).map((value) => ({ [key]: value })))
    .filter((pair) => !Object.values(pair).includes("absent"))
    .flatMap((pair) => MOVED.map((redirect) => ({ ...pair, "paths.redirect": redirect }))),
  // one address, with something below it that stays open, and with one form
  ...(["exact", "inFolder"] as const).flatMap((paths) => [
    { paths, "paths.auth": "on" } as const,
    { paths, "paths.allow": "office" } as const,
    { paths, "paths.deny": "some" } as const,
    ...(["append", "remove", "off"] as const).map((form) => ({ paths, "paths.trailingSlash": form }) as const),
  ]),
  // nothing to refresh
  { "paths.cache": "absent", "paths.refresh": "staff" },
  { "paths.cache": "off", "paths.refresh": "staff" },
  // a stream has no end, a cached answer no body before it
  { "paths.cache": "short", "paths.streaming": "on" },
  { "paths.cache": "long", "paths.streaming": "on" },
  { "paths.cache": "short", "paths.uploadBuffering": "off" },
  { "paths.cache": "long", "paths.uploadBuffering": "off" },
  { "paths.refresh": "staff", "paths.streaming": "on" },
  { "paths.refresh": "staff", "paths.uploadBuffering": "off" },
  // passwords that nobody has
  { htpasswd: "absent", "paths.auth": "on" },
  // a name that the application refuses
  { canonicalHost: "www", allowedHosts: "absent" },
  { canonicalHost: "www", allowedHosts: "address" },
  // no static files without Django
  { errorPages: "some", framework: "wsgi" },
  { errorPages: "some", framework: "foundFlask" },
  { errorPages: "some", paths: "ownStatic" },
  // shares of replicas that are not there, or that nginx does not know apart
  { "balancing.weights": "uneven", replicas: "one" },
  { "balancing.weights": "uneven", replicas: "most" },
  { "balancing.weights": "uneven", upstream: "tcp" },
  { "balancing.backup": "second", replicas: "one" },
  { "balancing.backup": "second", upstream: "tcp" },
  { "balancing.backup": "second", "balancing.method": "client" },
  { "balancing.backup": "second", "balancing.method": "uri" },
  { "balancing.failTimeout": "short", "balancing.maxFails": "absent" },
  { "balancing.failTimeout": "short", "balancing.maxFails": "never" },
  // only gthread keeps connections, and answers what comes on one while it ends
  ...(["one", "most"] as const).flatMap((keepalive) => [
    ...(["sync", "gevent", "uvicorn"] as const).map(
      (workerClass) => ({ "balancing.keepalive": keepalive, workerClass }) as const,
    ),
    ...GIVEN.map((workerConnections) => ({ "balancing.keepalive": keepalive, workerConnections }) as const),
    { "balancing.keepalive": keepalive, asgiModule: "given" } as const,
  ]),
];

/** The keys of a schema, those of nested mappings as `outer.inner`. */
export function keysOf(schema: z.core.$ZodType, prefix = ""): string[] {
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault || schema instanceof z.ZodOptional) {
    return keysOf(schema.unwrap(), prefix);
  }
  const own = prefix === "" ? [] : [prefix];
  if (schema instanceof z.ZodRecord) {
    return [...own, ...keysOf(schema.valueType, prefix).filter((key) => key !== prefix)];
  }
  if (!(schema instanceof z.ZodObject)) return own;
  return Object.entries(schema.shape as Record<string, z.core.$ZodType>).flatMap(([key, inner]) =>
    keysOf(inner, prefix === "" ? key : `${prefix}.${key}`),
  );
}
