import { z } from "zod";
import { isNetwork } from "../../components/nginx/arguments.ts";
import type { Path, Rate } from "../../components/nginx/values.ts";
import { expects, list, oneOf, size, text, time, urlPath, whole } from "./values.ts";

const NETWORK_EXAMPLE = '"203.0.113.0/24", "203.0.113.7" or "2001:db8::/32"';
const network = z
  .string(expects("a network", NETWORK_EXAMPLE))
  .refine(isNetwork, expects("a network", NETWORK_EXAMPLE));
const networks = list(network, `["203.0.113.0/24"]`);
const flag = (example: "true" | "false") => z.boolean(expects("true or false", example));

const rateLimit = z.strictObject(
  {
    rate: text(/^[1-9]\d{0,5}\/[sm]$/, "a rate", '"10/s" or "300/m"')
      .transform((value) => value.replace("/", "r/") as Rate)
      .describe("Requests of one client in a second or a minute."),
    burst: whole(0, 10_000, 20)
      .default(20)
      .describe("Requests that may come at once beside the first before the rate counts."),
    dryRun: flag("true").default(false).describe("Only log what would be refused."),
  },
  expects("a limit", '{ rate: "10/s" }, or "off"'),
);

/** What can differ on a path. One more key is one more line here, and one in components/nginx/path-rules.ts. */
export const pathRules = z.strictObject(
  {
    cache: z
      .union([z.literal("off"), time], expects("a time", '"10s", or "off"'))
      .optional()
      .describe("Keep anonymous GET answers in nginx for this long, on ecs in each task. Default: not at all."),
    refresh: networks
      .optional()
      .describe(
        "Who may have a cached page rendered anew, by a request with `Cache-Control: no-cache` and without a session, form, message or language cookie. The plain and the compressed page are two: ask once with `curl`, once with `curl --compressed`.",
      ),
    timeout: time.optional().describe("Longest answer, at most 1h. Default: `requestTimeout`."),
    upload: size.optional().describe("Largest request body. Default: `uploadLimit`."),
    uploadBuffering: flag("false")
      .optional()
      .describe("`false` hands a body on as it comes; a slow visitor then holds a worker. Default: true."),
    rateLimit: z
      .union([z.literal("off"), rateLimit], expects("a limit", '{ rate: "10/s" }, or "off"'))
      .optional()
      .describe(
        "How often one client may come, counted for all below the path together; more is 429. On ecs each task counts for itself.",
      ),
    allow: z
      .array(
        z.union([z.literal("all"), network], expects("a network", NETWORK_EXAMPLE)),
        expects("a list", `["203.0.113.0/24"]`),
      )
      .min(1, expects("a list with a network", `["203.0.113.0/24"]`))
      .optional()
      .describe('Only these clients may come; `["all"]` opens what a path above closes.'),
    deny: networks.optional().describe("These clients may not come, even if `allow` has them."),
    auth: flag("true").optional().describe("Ask for a user and password of `htpasswd`."),
    streaming: flag("true")
      .optional()
      .describe("Answers arrive as they are made (server-sent events), and may become WebSockets."),
    compression: flag("false")
      .optional()
      .describe("`false` where a secret beside a visitor's text is in the page (BREACH)."),
    redirect: text(/^((\/|https?:\/\/)[^\s$"]*|off)$/, "an address", '"/new/", "https://example.com/", or "off"')
      .optional()
      .describe(
        "Visitors are sent there (308), from a path with a slash at its end those of all below it, too. Beside it only `log` counts.",
      ),
    trailingSlash: oneOf(["append", "remove", "off"])
      .optional()
      .describe(
        "One address for each page (308): with a slash at its end, or without. Addresses with a dot, as files have, or with other signs than letters, digits, `/`, `_`, `~` and `-` keep theirs.",
      ),
    log: flag("false").optional().describe("`false` keeps these requests out of the log."),
  },
  expects("a mapping", '{ cache: "10s" }'),
);

/** Statuses that nginx answers by itself. */
const OWN_STATUSES = ["403", "404", "413", "414", "429", "500", "502", "503", "504"] as const;

const header = text(
  /^(?!(?:content-|set-cookie|transfer-|connection$|cache-control$|vary$|x-request-id$))[a-z][a-z0-9-]{0,63}$/i,
  "a header that is the same for every answer",
  'a name such as "Permissions-Policy"',
);

/** How nginx and Gunicorn serve, on every host. */
export const serving = {
  balancing: z
    .strictObject(
      {
        method: oneOf(["round-robin", "least-connections", "client", "uri"])
          .optional()
          .describe(
            "Who gets a request: each in turn, the one with the fewest open requests, or always the same one, for each address of a visitor (`client`) or of the site (`uri`), both on docker only. Default: round-robin on docker, least-connections on ecs.",
          ),
        weights: list(whole(1, 100, 2), "[2, 1]")
          .optional()
          .describe("Share of each replica, in their order."),
        backup: list(whole(1, 20, 2), "[2]")
          .optional()
          .describe("Replicas (from 1) that serve only when the others fail."),
        maxFails: whole(0, 100, 3).default(0).describe("Failures after which a replica is left alone; 0 for never."),
        keepalive: whole(0, 1024, 32)
          .optional()
          .describe(
            "Idle connections to Gunicorn that each process of nginx keeps. Default: 32 with gthread and Gunicorn 27.0.1 or newer, which is ours; else 0, for older ones then fail POSTs.",
          ),
        failTimeout: time.optional().describe("For how long, and within which time failures count. Default: 10s."),
      },
      expects("a mapping", "method: least-connections"),
    )
    .prefault({})
    .describe(
      "How requests are shared between the Gunicorns. On ecs the load balancer shares them: there are only its `method`, and `keepalive` between nginx and Gunicorn.",
    ),
  nginx: z
    .strictObject(
      {
        workerProcesses: z
          .union(
            [z.literal("auto"), whole(1, 64, 2)],
            expects("a number of processes", '"auto", or a number from 1 to 64'),
          )
          .default("auto")
          .describe("nginx's processes; auto is one for each processor."),
        workerConnections: whole(256, 16_000, 4096)
          .default(4096)
          .describe("Connections of each process; four times as many files may be open."),
        statusPort: whole(1024, 65_535, 8081)
          .default(8081)
          .describe("Port for nginx's counters (`/status`) and health, inside the container or its task only."),
      },
      expects("a mapping", "workerConnections: 4096"),
    )
    .prefault({})
    .describe("nginx's processes."),
  clientTimeouts: z
    .strictObject(
      {
        header: time.prefault("10s").describe("Until the head of a request is there."),
        body: time.prefault("15s").describe("Between two pieces of a request's body."),
        send: time.prefault("30s").describe("Between two pieces of an answer that the visitor takes."),
      },
      expects("a mapping", "header: 10s"),
    )
    .prefault({})
    .describe("How long a slow visitor may hold a connection; each at most 5m."),
  canonicalHost: text(/^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$/, "a host name", '"www.example.com"')
    .optional()
    .describe("The one name of the site: visitors of its other names are sent there (308)."),
  securityHeaders: z
    .record(
      header,
      z
        .string(expects("a text", '"same-origin"'))
        .regex(/^[^\p{Cc}$]*$/u, expects("one line without $", '"same-origin"')),
      expects("a mapping", "Permissions-Policy: camera=()"),
    )
    .prefault({})
    .describe(
      "Headers of every answer that does not have them: beside `X-Content-Type-Options: nosniff`, `Referrer-Policy: same-origin` and with TLS on pages `Strict-Transport-Security: max-age=3600`. An empty text leaves one out. What the application sends stays: Django's Referrer-Policy (`SECURE_REFERRER_POLICY`), or a project's own `SECURE_HSTS_SECONDS`.",
    ),
  errorPages: z
    .partialRecord(
      z.enum(OWN_STATUSES, expects("a status that nginx answers itself", OWN_STATUSES.join(", "))),
      text(
        /^\/static\/(?!.*\.\.)[A-Za-z0-9._~/-]*[A-Za-z0-9_~-]$/,
        "a static file",
        '"/static/errors/502.html"',
      ).transform((value) => value as Path),
      expects("a mapping", '"502": /static/errors/502.html'),
    )
    .prefault({})
    .describe(
      "Static files of the project, shown where nginx answers by itself: 502 and 504 when the application is down or slow, 503 for maintenance, 429, 413, 403, … Without the file the deployment fails.",
    ),
  maintenance: z
    .strictObject(
      { allow: networks.default([]).describe("Who may use the site all the same.") },
      expects("a mapping", "{}, or { allow: [...] }"),
    )
    .optional()
    .describe("Answers 503 in the application's place. `{}` closes the site."),
  paths: z
    .record(urlPath, pathRules, expects("a mapping", '"/reports/": { cache: "10s" }'))
    .prefault({})
    .describe(
      'What differs for a URL path: with a slash at its end for everything below it and for itself without the slash, else for that one address. The nearest path counts, key by key; its own value lifts what a path above says: `off`, `true` or `false`, `allow: ["all"]`, `deny: []`. `/` is the whole site, and takes all keys but `cache`, `refresh`, `timeout`, `upload` and `redirect`.',
    ),
};
