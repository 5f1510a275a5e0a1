import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { fromPulumiConfig, parseSettings } from "../../../infra/settings.ts";
import { problems } from "./problems.ts";

const minimal = { host: "docker", edge: "nginx", wsgiModule: "mysite.wsgi" };

describe("settings", () => {
  it("fill in the defaults", () => {
    const settings = parseSettings(minimal);
    assert.ok(settings.host === "docker");
    assert.equal(settings.port, 8080);
    assert.equal(settings.database, "sqlite");
    assert.equal(settings.replicas, 2);
    assert.deepEqual(settings.systemPackages, { build: [], run: [] });
    assert.deepEqual(settings.allowedHosts, ["localhost", "127.0.0.1", "[::1]"]);
  });

  const refused: readonly [string, Record<string, unknown>, string][] = [
    [
      "a missing key",
      { wsgiModule: undefined },
      'wsgiModule: is missing. Write "mysite.wsgi" or "mysite.wsgi:application".',
    ],
    ["a planned host", { host: "ec2" }, 'host: "ec2" is planned and not built yet. Write "ecs" or "docker".'],
    ["an unknown host", { host: "k8s" }, 'host: "k8s" is not a host. Write "ecs" or "docker".'],
    ["an unknown edge", { edge: "caddy" }, 'edge: "caddy" before the host "docker" is not an edge. Write "nginx".'],
    [
      "a setting of another host",
      { profile: "dev" },
      'profile: is a setting of the host "ecs", and this stack\'s is "docker". Leave it out.',
    ],
    [
      "an impossible pair",
      { edge: "alb" },
      'edge: "alb" cannot stand before the host "docker": a load balancer of AWS does not reach this machine. Write "nginx".',
    ],
    ["an unknown key", { prot: 1 }, 'prot: is not a setting. Did you mean "port"?'],
    [
      "an unknown nested key",
      { paths: { "/a/": { cach: "1s" } } },
      'paths./a/.cach: is not a setting. Did you mean "cache"?',
    ],
    ...["//admin/", "/a/../b/", "/a/.", "/./a/"].map((path): [string, Record<string, unknown>, string] => [
      `a path that nginx resolves to another: ${path}`,
      { paths: { [path]: {} } },
      `paths.${path}: "${path}" is not a URL path. Write a path such as "/reports/".`,
    ]),
    ["a path without slash", { paths: { a: {} } }, 'paths.a: "a" is not a URL path. Write a path such as "/reports/".'],
    ["a wrong unit", { uploadLimit: "10MB" }, 'uploadLimit: "10MB" is not a size. Write "512k", "20m" or "1g".'],
    [
      "a time without unit",
      { paths: { "/a/": { cache: 5 } } },
      'paths./a/.cache: 5 is not a time. Write "10s", or "off".',
    ],
    ["a privileged port", { port: 80 }, "port: 80 is not a whole number from 1024 to 65535. Write 8080."],
    ["a fraction", { replicas: 1.5 }, "replicas: 1.5 is not a whole number from 1 to 20. Write 2."],
    [
      "threads of sync workers",
      { workerClass: "sync", threads: 4 },
      'threads: 4 threads need a threaded worker, and workerClass is "sync". Write workerClass: "gthread", or leave threads out.',
    ],
    [
      "threads of greenlets",
      { workerClass: "gevent", threads: 1 },
      'threads: workers of the class "gevent" have one thread, on which every request is a greenlet. Write workerConnections, or leave threads out.',
    ],
    [
      "threads of an event loop",
      { workerClass: "uvicorn", threads: 4 },
      'threads: workers of the class "uvicorn" have an event loop, and Django makes a thread for each request that needs one. Write workerConnections, or leave threads out.',
    ],
    [
      "connections of threads",
      { workerConnections: 4 },
      'workerConnections: is for the worker classes "gevent" and "uvicorn", and workerClass is "gthread". Write threads, or leave it out.',
    ],
    [
      "connections of one request a process",
      { workerClass: "sync", workerConnections: 4 },
      'workerConnections: is for the worker classes "gevent" and "uvicorn", and workerClass is "sync". Leave it out.',
    ],
    [
      "an ASGI module for WSGI",
      { workerClass: "gevent", asgiModule: "mysite.asgi" },
      'asgiModule: is for the worker class "uvicorn", and workerClass is "gevent". Write workerClass: "uvicorn", or leave it out.',
    ],
    [
      "ASGI whose module has no name",
      { workerClass: "uvicorn", wsgiModule: "mysite:app" },
      'asgiModule: is missing, for none follows from the wsgiModule "mysite:app". Write a module such as "mysite.asgi:application".',
    ],
    [
      "an unknown worker class",
      { workerClass: "tornado" },
      'workerClass: "tornado" is not one of the choices. Write "gthread" or "sync" or "gevent" or "uvicorn".',
    ],
    [
      "a share of requests",
      { maxRequests: 0.5 },
      "maxRequests: 0.5 is not a whole number from 0 to 1000000. Write 1000.",
    ],
    ["too little memory", { memory: "64m" }, 'memory: "64m" is too small for one worker. Write at least "128m".'],
    [
      "too long a time",
      { requestTimeout: "601s" },
      'requestTimeout: "601s" is longer than 600s. Write a time from "1s" to "600s"; longer work belongs into a task queue.',
    ],
    [
      "too long a time below a path",
      { paths: { "/a/": { timeout: "2h" } } },
      'paths./a/.timeout: "2h" is longer than 1h. Write a time up to "1h"; longer work belongs into a task queue.',
    ],
    [
      "a variable that the host sets",
      { env: { DATABASE_URL: "x" } },
      "env.DATABASE_URL: is set by the host. Write database.",
    ],
    [
      "a plain secret key",
      { env: { SECRET_KEY: "x" } },
      "env.SECRET_KEY: is set by the host. Leave it out: one is generated and kept. To bring your own, write it under secrets.",
    ],
    [
      "a name under env and secrets",
      { env: { A: "1" }, secrets: { A: "env:B" } },
      "env.A: stands under secrets too. Keep one of them.",
    ],
    [
      "a plain secret",
      { secrets: { API_KEY: "hunter2" } },
      'secrets.API_KEY: "hunter2" is not a reference to a secret. Write "env:NAME" or "file:path".',
    ],
    ["a line feed in a variable", { env: { A: "a\nb" } }, "env.A: holds a control character. Write one line of text."],
    ["no host name", { allowedHosts: [] }, 'allowedHosts: [] is not a list with a host. Write ["www.example.com"].'],
    [
      "a URL as host name",
      { allowedHosts: ["http://x"] },
      'allowedHosts.0: "http://x" is not a host name. Write "www.example.com", ".example.com" for it and its subdomains, or "[::1]".',
    ],
    [
      "Django's settings for another framework",
      { framework: "wsgi", settingsModule: "a.b" },
      'settingsModule: is for Django, and framework is "wsgi". Leave one of them out.',
    ],
  ];
  for (const [name, change, message] of refused) {
    it(`refuse ${name}`, () => {
      assert.deepEqual(problems({ ...minimal, ...change }), [message]);
    });
  }

  it("report every problem at once", () => {
    assert.equal(problems({ ...minimal, port: 1, prot: 2, memory: "x", env: { "1": "x" } }).length, 4);
  });

  it("name the remedy in every message", () => {
    for (const message of refused.flatMap(([, change]) => problems({ ...minimal, ...change }))) {
      assert.match(message, /(Write|Did you mean|Leave|Keep) /, message);
    }
  });
});

describe("Pulumi's configuration", () => {
  it("is read with its types, and only this project's keys", () => {
    const config = {
      "wsgi-on-aws:port": "8081",
      "wsgi-on-aws:cpu": "0.5",
      "wsgi-on-aws:settingsOverlay": "false",
      "wsgi-on-aws:paths": '{"/a/":{"cache":"5s"}}',
      "wsgi-on-aws:wsgiModule": "a.wsgi",
      "aws:region": "eu-central-1",
    };
    assert.deepEqual(fromPulumiConfig(config), {
      port: 8081,
      cpu: 0.5,
      settingsOverlay: false,
      paths: { "/a/": { cache: "5s" } },
      wsgiModule: "a.wsgi",
    });
  });
});
