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
  wsgiModule: { short: "mysite.wsgi", callable: "mysite:create_app()" },
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
  workerClass: { ...ABSENT, gthread: "gthread", sync: "sync" },
  workers: { ...ABSENT, one: 1, most: 64 },
  threads: { ...ABSENT, one: 1, most: 64 },
  upstream: { ...ABSENT, socket: "socket", tcp: "tcp" },
  requestTimeout: { ...ABSENT, least: "1s", most: "600s" },
  uploadLimit: { ...ABSENT, least: "1k", most: "1g" },
  paths: {
    ...ABSENT,
    below: ["/reports/"],
    exact: ["/reports"],
    nested: ["/a/", "/a/b/", "/a/b", "/~user/x-y_z.html", "/A/"],
    ownMedia: ["/media/"],
    ownStatic: ["/static/"],
  },
  "paths.cache": { ...ABSENT, short: "1s", long: "365d" },
  "paths.timeout": { ...ABSENT, short: "1s", long: "1h" },
  "paths.upload": { ...ABSENT, least: "1k", most: "1g" },
  healthPath: { ...ABSENT, root: "/", odd: "/~up/v1.0-x_y/" },
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

/** Pairs that the settings, or the site made of them, refuse. */
export const EXCLUDED: readonly Partial<Names>[] = [
  { workerClass: "sync", threads: "most" }, // sync has no threads
  { framework: "wsgi", settingsModule: "given" }, // settings are Django's
  { env: "shared", secrets: "shared" }, // one name, two values
  { media: "absent", paths: "ownMedia" }, // nginx serves /media/
  { media: "volume", paths: "ownMedia" },
  { framework: "foundDjango", paths: "ownStatic" }, // nginx serves /static/
  { framework: "django", paths: "ownStatic" },
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
