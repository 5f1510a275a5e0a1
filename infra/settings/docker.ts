import { z } from "zod";
import { common } from "./common.ts";
import { expects, hostName, list, oneOf, secretReferences, size, text, whole } from "./values.ts";

const CPUS = "a number from 0.25 to 16, in steps of 0.25";

const secretReference = text(
  /^(env:[A-Za-z_][A-Za-z0-9_]*|file:.+)$/,
  "a reference to a secret",
  '"env:NAME" or "file:path"',
);

/** A stack on this machine's Docker engine. */
export const dockerSettings = z.strictObject({
  host: z.literal("docker").describe("Where the containers run: `docker` is this machine's Docker engine."),
  edge: z.literal("nginx").describe("What clients reach first: `nginx`. Left out, it is this one."),
  ...common,
  port: whole(1024, 65535, 8080).default(8080).describe("Port on 127.0.0.1."),
  replicas: whole(1, 20, 2)
    .default(2)
    .describe("Gunicorn containers behind nginx. From 2 on a new version interrupts nothing."),
  cpu: z
    .number(expects("a number of vCPUs", CPUS))
    .min(0.25, expects("enough for a worker", CPUS))
    .max(16, expects("a size of one container", CPUS))
    .multipleOf(0.25, expects("a multiple of 0.25", CPUS))
    .default(1)
    .describe("vCPUs of each Gunicorn container, in quarters; decides workers and threads."),
  memory: size.prefault("512m").describe("Memory limit of each Gunicorn container, at least 128m."),
  upstream: oneOf(["socket", "tcp"])
    .default("socket")
    .describe("How nginx reaches Gunicorn: a unix socket for each replica, or the service name frontend:8000."),
  media: oneOf(["volume", "none"]).default("volume").describe("Where uploaded files are kept and served from /media/."),
  tls: oneOf(["off", "self-signed"])
    .default("off")
    .describe("Whether visitors come by https, with a certificate that is made on the spot and kept."),
  htpasswd: secretReference
    .optional()
    .describe(
      "Users for `auth`, a line `user:hash` for each, as `htpasswd -nB <user>` prints it: `env:NAME`, or `file:path`, absolute or relative to the repository.",
    ),
  database: oneOf(["sqlite", "postgres"]).default("sqlite").describe("Database of the application."),
  allowedHosts: list(hostName, '["www.example.com"]')
    .min(1, expects("a list with a host", '["www.example.com"]'))
    .default(["localhost", "127.0.0.1", "[::1]"])
    .describe("Host names the application answers to."),
  secrets: secretReferences(secretReference, '"env:NAME"').describe(
    "Secret environment variables of the application, each a reference: `env:NAME`, or `file:path`, absolute or relative to the repository.",
  ),
});

export type DockerSettings = z.infer<typeof dockerSettings>;
