import assert from "node:assert/strict";
import { describe, it, type TestContext } from "node:test";
import { UserError } from "../../../components/shared/user-error.ts";
import { readSecrets } from "../../../infra/secrets.ts";
import { parseSettings, type DockerSettings } from "../../../infra/settings.ts";
import { siteOf } from "../../../infra/site.ts";
import { folderWith } from "../image/files.ts";
import { problems } from "./problems.ts";

const DOCKER = { host: "docker", wsgiModule: "mysite.wsgi" };
const ECS = { wsgiModule: "mysite.wsgi", profile: "prod", domain: "www.example.com", zone: "example.com" };
const DJANGO = { framework: "django", gunicorn: "ours" } as const;

const siteFor = (raw: Readonly<Record<string, unknown>>) => siteOf(parseSettings({ ...DOCKER, ...raw }), DJANGO);

describe("settings of nginx on docker", () => {
  const refused: readonly [name: string, change: Readonly<Record<string, unknown>>, message: string][] = [
    [
      "weights for other replicas",
      { balancing: { weights: [1, 2, 3] } },
      "balancing.weights: has 3 weights for 2 replicas. Write one for each.",
    ],
    [
      "a spare replica that is none",
      { balancing: { backup: [3] } },
      "balancing.backup: there is no replica 3. Write a number up to 2.",
    ],
    [
      "nothing but spare replicas",
      { balancing: { backup: [1, 2] } },
      "balancing.backup: leaves no replica that serves. Leave one of them out.",
    ],
    [
      "a spare replica where each client has its own",
      { balancing: { method: "client", backup: [2] } },
      'balancing.backup: nginx has no spare servers with method "client". Leave one of them out.',
    ],
    [
      "replicas told apart by one name",
      { upstream: "tcp", balancing: { weights: [1, 2] } },
      "balancing.weights: tells replicas apart, which have one name with upstream: tcp. Leave it out, or upstream.",
    ],
    [
      "a time for failures that do not count",
      { balancing: { failTimeout: "5s" } },
      "balancing.failTimeout: says nothing while maxFails is 0. Write maxFails, or leave it out.",
    ],
    [
      "connections that sync does not keep",
      { workerClass: "sync", balancing: { keepalive: 8 } },
      'balancing.keepalive: Gunicorn\'s sync worker keeps no connection, or none that is safe while it ends. Write workerClass: "gthread", or leave it out.',
    ],
    [
      "patience that slow visitors use up",
      { clientTimeouts: { body: "6m" } },
      'clientTimeouts.body: "6m" is longer than 5m: slow visitors hold every connection. Write a time up to "5m".',
    ],
    [
      "the site's own port",
      { nginx: { statusPort: 8080 } },
      "nginx.statusPort: is the port of the site. Write another one.",
    ],
    [
      "a name that the application refuses",
      { canonicalHost: "www.example.com" },
      'canonicalHost: "www.example.com" is not among allowedHosts, so the application refuses it. Write it there too.',
    ],
    [
      "a header twice",
      { securityHeaders: { "X-Frame-Options": "DENY", "x-frame-options": "SAMEORIGIN" } },
      "securityHeaders.x-frame-options: stands there twice. Leave one out.",
    ],
    [
      "a header of one answer",
      { securityHeaders: { "Set-Cookie": "a=b" } },
      'securityHeaders.Set-Cookie: "Set-Cookie" is not a header that is the same for every answer. Write a name such as "Permissions-Policy".',
    ],
    [
      "a variable of nginx in a header",
      { securityHeaders: { "X-Host": "$host" } },
      'securityHeaders.X-Host: "$host" is not one line without $. Write "same-origin".',
    ],
    [
      "passwords that nobody has",
      { paths: { "/": { auth: true } } },
      "paths./.auth: there are no users. Write htpasswd: a reference to lines that the command htpasswd makes.",
    ],
    [
      "a network that is none",
      { paths: { "/a/": { deny: ["10.0.0.0/33"] } } },
      'paths./a/.deny.0: "10.0.0.0/33" is not a network. Write "203.0.113.0/24", "203.0.113.7" or "2001:db8::/32".',
    ],
    [
      "a rate without its time",
      { paths: { "/a/": { rateLimit: { rate: "10" } } } },
      'paths./a/.rateLimit.rate: "10" is not a rate. Write "10/s" or "300/m".',
    ],
    [
      "a page that is no static file",
      { errorPages: { "502": "errors/502.html" } },
      'errorPages.502: "errors/502.html" is not a static file. Write "/static/errors/502.html".',
    ],
    [
      "a way out of the static files",
      { errorPages: { "502": "/static/../../etc/passwd" } },
      'errorPages.502: "/static/../../etc/passwd" is not a static file. Write "/static/errors/502.html".',
    ],
  ];
  for (const [name, change, message] of refused) {
    it(`refuse ${name}`, () => {
      assert.deepEqual(problems({ ...DOCKER, ...change }), [message]);
    });
  }

  it("take the name of a site whose subdomains are allowed", () => {
    assert.deepEqual(problems({ ...DOCKER, canonicalHost: "www.example.com", allowedHosts: [".example.com"] }), []);
  });
});

describe("settings of nginx on ecs", () => {
  const sharing = "is not for ecs: the load balancer shares the requests, and its health checks say which task fails.";
  const refused: readonly [name: string, change: Readonly<Record<string, unknown>>, messages: readonly string[]][] = [
    [
      "a method that the load balancer lacks",
      { balancing: { method: "uri" } },
      [
        'balancing.method: the load balancer has no method "uri"; its cookie keeps a visitor with one task. Write "round-robin" or "least-connections".',
      ],
    ],
    [
      "what tells replicas apart",
      { balancing: { weights: [1, 2], backup: [2], maxFails: 1, failTimeout: "5s" } },
      ["weights", "backup", "failTimeout", "maxFails"].map((key) => `balancing.${key}: ${sharing} Leave it out.`),
    ],
    [
      "a refresh of one task of two",
      { paths: { "/news/": { cache: "10s", refresh: ["203.0.113.0/24"] } } },
      [
        "paths./news/.refresh: a request reaches one of 2 tasks, and the others keep the old page. Write a shorter cache time, or replicas: 1.",
      ],
    ],
    [
      "TLS in nginx",
      { tls: "self-signed" },
      ['tls: is a setting of the host "docker", and this stack\'s is "ecs". Leave it out.'],
    ],
    [
      "passwords of this machine",
      { htpasswd: "env:USERS" },
      [
        'htpasswd: "env:USERS" is not the ARN of a secret. Write "arn:aws:secretsmanager:<region>:<account>:secret:<name>", with ":key" behind it for one key of a JSON secret.',
      ],
    ],
  ];
  for (const [name, change, messages] of refused) {
    it(`refuse ${name}`, () => {
      assert.deepEqual(problems({ ...ECS, ...change }), messages);
    });
  }
});

describe("connections to Gunicorn", () => {
  const kept = (
    raw: Readonly<Record<string, unknown>>,
    gunicorn: typeof DJANGO.gunicorn | "unknown" | "27.0.0" | "27.0.1",
  ) => siteOf(parseSettings({ ...DOCKER, ...raw }), { framework: "django", gunicorn }).balancing.keepalive;

  it("are kept by threads of a Gunicorn that answers what comes while it ends", () => {
    assert.deepEqual([kept({}, "ours"), kept({}, "27.0.1")], [32, 32]);
    assert.deepEqual([kept({}, "27.0.0"), kept({}, "unknown"), kept({ workerClass: "sync" }, "ours")], [0, 0, 0]);
    assert.deepEqual(
      [kept({ balancing: { keepalive: 8 } }, "unknown"), kept({ balancing: { keepalive: 0 } }, "ours")],
      [8, 0],
    );
  });
});

describe("headers of every answer", () => {
  it("promise https only where there is https, and what the settings say counts", () => {
    assert.equal(siteFor({}).securityHeaders["Strict-Transport-Security"], undefined);
    assert.equal(siteFor({ tls: "self-signed" }).securityHeaders["Strict-Transport-Security"], "max-age=3600");
    const own = siteFor({ securityHeaders: { "Referrer-Policy": "", "Permissions-Policy": "camera=()" } });
    assert.deepEqual(own.securityHeaders, {
      "X-Content-Type-Options": "nosniff",
      "Referrer-Policy": "",
      "Permissions-Policy": "camera=()",
    });
    const lower = siteFor({ securityHeaders: { "referrer-policy": "no-referrer" } });
    assert.deepEqual(lower.securityHeaders, { "X-Content-Type-Options": "nosniff", "referrer-policy": "no-referrer" });
  });
});

describe("htpasswd", () => {
  const read = (t: TestContext, lines: string) => {
    const folder = folderWith(t, { users: lines });
    return readSecrets(parseSettings({ ...DOCKER, htpasswd: `file:${folder}/users` }) as DockerSettings).htpasswd;
  };

  it("takes what the command htpasswd writes, and openssl passwd", (t) => {
    const lines = "alice:$2y$05$abcdefghijklmnopqrstuv\nbob:$apr1$abcdefgh$0123456789abcdefghijkl";
    assert.equal(read(t, `${lines}\n`), lines);
  });

  it("refuses a plain password, and does not show it", (t) => {
    const remedy = "Write what `htpasswd -nB <user>` prints, a line for each.";
    const refused = (lines: string, what: string) => {
      assert.throws(() => read(t, lines), new UserError([{ where: "htpasswd", what, remedy }]));
    };
    refused("alice:$2y$05$abc\nbob:hunter2\n", "line 2 is not a user and a hashed password.");
    refused("alice:{PLAIN}hunter2", "line 1 is not a user and a hashed password.");
    refused("\n", "holds no user.");
  });
});
