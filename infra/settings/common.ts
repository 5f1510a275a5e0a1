import { z } from "zod";
import { path as asPath, size as asSize, time as asTime } from "../components/nginx/values.ts";

/** Says what was found and what to write instead; `format` reads after "is not", `example` after "Write". */
const expects = (format: string, example: string) => ({
  error: (issue: { input?: unknown }) =>
    issue.input === undefined
      ? `is missing. Write ${example}.`
      : `${JSON.stringify(issue.input)} is not ${format}. Write ${example}.`,
});
const text = (pattern: RegExp, format: string, example: string) =>
  z.string(expects(format, example)).regex(pattern, expects(format, example));
const oneOf = <const T extends readonly [string, ...string[]]>(values: T) =>
  z.enum(values, expects("one of the choices", values.map((value) => `"${value}"`).join(" or ")));
const whole = (least: number, most: number, example: number) => {
  const expected = expects(`a whole number from ${least} to ${most}`, String(example));
  return z.int(expected).min(least, expected).max(most, expected);
};
const list = <T extends z.ZodType>(item: T, example: string) => z.array(item, expects("a list", example));

/** A duration in whole seconds, minutes, hours or days. */
const time = text(/^[1-9]\d{0,5}[smhd]$/, "a time", '"30s", "5m", "1h" or "30d"').transform(asTime);
/** A size in kibibytes, mebibytes or gibibytes. */
const size = text(/^[1-9]\d{0,5}[kmg]$/, "a size", '"512k", "20m" or "1g"').transform(asSize);
const variable = text(/^[A-Za-z_][A-Za-z0-9_]*$/, "the name of an environment variable", "letters, digits and _");
const debianPackage = text(/^[a-z0-9][a-z0-9+.-]+$/, "a Debian package", 'a name such as "libpq5"');
const hostName = text(
  /^(\.?[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9-]+)*|\[[0-9a-f:]+\])$/,
  "a host name",
  '"www.example.com", ".example.com" for it and its subdomains, or "[::1]"',
);
const urlPath = text(/^\/[A-Za-z0-9._~/-]*$/, "a URL path", 'a path such as "/reports/"');
const CPUS = "a number from 0.25 to 16, in steps of 0.25";
const noControl = /^\P{Cc}*$/u;

const pathRules = z.strictObject({
  cache: time
    .optional()
    .describe("Keep anonymous GET answers below this path in nginx for this long. Default: not at all."),
  timeout: time.optional().describe("Longest answer below this path, at most 1h. Default: `requestTimeout`."),
  upload: size.optional().describe("Largest request body below this path. Default: `uploadLimit`."),
});

/** What every host has. Each key's default is written here and nowhere else. */
const common = {
  projectDir: text(/^[^\0]+$/, "a folder", '"app" or a path to your project')
    .default("app")
    .describe("Folder of the Django (or other WSGI) project, absolute or relative to the repository."),
  wsgiModule: text(
    /^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*(:[A-Za-z_]\w*(\(\))?)?$/,
    "a WSGI module",
    '"mysite.wsgi" or "mysite.wsgi:application"',
  ).describe("Python module that holds the WSGI callable, as Gunicorn takes it."),
  framework: oneOf(["django", "wsgi"])
    .optional()
    .describe("Default: django where the project has a manage.py, else wsgi."),
  settingsModule: text(/^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*$/, "a Python module", '"mysite.settings"')
    .optional()
    .describe("Django settings module. Default: the one that the WSGI module or manage.py names."),
  settingsOverlay: z
    .boolean(expects("true or false", "true or false"))
    .default(true)
    .describe("Lay the environment (hosts, database, static files, proxy header) over the project's own settings."),
  pythonBase: text(/^[a-z0-9][a-z0-9._/:@-]*$/, "an image", '"debian:13-slim" or "python:3.14-slim"')
    .default("debian:13-slim")
    .describe("Base image of the application, Debian-based."),
  dockerfile: text(/^[^\0]+$/, "a file", '"Dockerfile"')
    .optional()
    .describe("Your own Dockerfile with the targets `gunicorn` and `nginx`, relative to projectDir. Default: ours."),
  systemPackages: z
    .strictObject(
      {
        build: list(debianPackage, '["gcc", "libpq-dev"]').default([]).describe("Needed to install the requirements."),
        run: list(debianPackage, '["libpq5"]').default([]).describe("Needed by the running application."),
      },
      expects("a mapping", "build: and run: with lists of packages"),
    )
    .prefault({})
    .describe("Debian packages in the image of the application."),
  packageIndex: text(
    /^https?:\/\/[^\s@]+$/,
    "a URL without a password, which would stand in the state",
    '"https://pypi.example.com/simple"',
  )
    .optional()
    .describe("Python package index for the build. Default: PyPI."),
  extraCaFile: text(/^[^\0]+$/, "a file", "the path of a PEM file")
    .optional()
    .describe("Certificates (PEM) that the build trusts besides Debian's, for networks with a TLS proxy."),

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
  workerClass: oneOf(["gthread", "sync"]).default("gthread").describe("Gunicorn worker class."),
  workers: whole(1, 64, 2).optional().describe("Worker processes of each container. Default: from cpu and memory."),
  threads: whole(1, 64, 4).optional().describe("Threads of each worker (gthread). Default: 4."),
  upstream: oneOf(["socket", "tcp"])
    .default("socket")
    .describe("How nginx reaches Gunicorn: a unix socket for each replica, or the service name frontend:8000."),
  requestTimeout: text(/^[1-9]\d{0,2}s$/, "a time of 1s to 600s", '"30s"')
    .transform(asTime)
    .prefault("30s")
    .describe("Longest answer of the application; every other time-out is derived from it."),
  uploadLimit: size.prefault("10m").describe("Largest request body."),
  paths: z
    .record(urlPath, pathRules, expects("a mapping", '"/reports/": { cache: "10s" }'))
    .prefault({})
    .describe("What differs below a URL path."),
  healthPath: urlPath
    .transform(asPath)
    .prefault("/healthz")
    .describe("Path at which the application says that it lives; any answer below 500 counts."),
  media: oneOf(["volume", "none"]).default("volume").describe("Where uploaded files are kept and served from /media/."),

  allowedHosts: list(hostName, '["www.example.com"]')
    .min(1, expects("a list with a host", '["www.example.com"]'))
    .default(["localhost", "127.0.0.1", "[::1]"])
    .describe("Host names the application answers to."),
  env: z
    .record(
      variable,
      z
        .union([z.string(), z.number(), z.boolean()], expects("plain text", "a text"))
        .transform(String)
        .refine((value) => noControl.test(value), "holds a control character. Write one line of text."),
      expects("a mapping", "NAME: value"),
    )
    .prefault({})
    .describe("Plain environment variables of the application."),
  secrets: z
    .record(
      variable,
      text(/^(env:[A-Za-z_][A-Za-z0-9_]*|file:.+)$/, "a reference to a secret", '"env:NAME" or "file:path"'),
      expects("a mapping", 'NAME: "env:NAME"'),
    )
    .prefault({})
    .describe("Secret environment variables of the application, each a reference: `env:NAME` or `file:path`."),
  releaseCommand: list(z.string(expects("a word", "each word as a text")).min(1), '["python", "manage.py", "migrate"]')
    .optional()
    .describe(
      "Run once for each new version, before it serves; [] for none. Default: migrate for Django, none for others.",
    ),
};

const dockerSettings = z.strictObject({
  host: z.literal("docker").describe("Where the containers run: this machine's Docker engine."),
  edge: z.literal("nginx").describe("What clients reach first."),
  ...common,
  port: whole(1024, 65535, 8080).default(8080).describe("Port on 127.0.0.1."),
  database: oneOf(["sqlite", "postgres"]).default("sqlite").describe("Database of the application."),
});

/** One member for each pair of host and edge that is built. */
export const settingsSchema = z.discriminatedUnion("host", [dockerSettings]);

export type Settings = z.infer<typeof settingsSchema>;
