import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ask, until } from "./http-client.ts";
import { startEchoLab } from "./echo-lab.ts";
import type { EchoLab } from "./echo-lab.ts";

let lab: EchoLab;
before(async () => {
  lab = await startEchoLab({ uploadLimit: "1k", paths: { "/cached/": { cache: "1s" }, "/upload/": { upload: "1m" } } });
});
after(() => lab.remove());

test("/healthz is answered whatever the Host, /healthz/app asks the application with a valid one", async () => {
  const strange = await lab.get("/healthz", { Host: "10.0.0.7" });
  assert.deepEqual(
    [strange.status, strange.body.toString(), strange.header("Content-Type")],
    [200, "ok\n", ["text/plain"]],
  );
  const { status, fields } = await lab.echo("/healthz/app", { Host: "10.0.0.7" });
  assert.deepEqual([status, fields["uri"], fields["host"]], [200, "/healthz", "localhost"]);
});

test("the application learns the visitor's Host with its port, address, scheme and request id", async () => {
  const { fields, header } = await lab.echo("/page?a=b", { "X-Request-ID": "forged" });
  assert.equal(fields["uri"], "/page?a=b");
  assert.equal(fields["host"], "example.com:8080");
  assert.equal(fields["proto"], "http");
  assert.match(fields["id"] ?? "", /^[0-9a-f]{32}$/);
  assert.deepEqual(header("X-Request-ID"), [fields["id"]]);
});

test("nothing that a visitor claims about itself reaches the application", async () => {
  const { fields } = await lab.echo("/", {
    "X-Forwarded-For": "10.9.8.7",
    "X-Real-IP": "10.9.8.7",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": "evil.example",
    "X-Forwarded-Port": "443",
    "X-Forwarded-Prefix": "/evil",
    "X-Forwarded-Ssl": "on",
    "X-Forwarded-Protocol": "ssl",
    Forwarded: "for=10.9.8.7",
  });
  assert.match(fields["xff"] ?? "", /^[0-9.]+$/);
  assert.notEqual(fields["xff"], "10.9.8.7");
  assert.equal(fields["real"], fields["xff"]);
  const claims = ["proto", "forwarded", "fhost", "fport", "fprefix", "fssl", "fprotocol"].map((name) => fields[name]);
  assert.deepEqual(claims, ["http", "", "", "", "", "", ""]);
});

test("half of the Gunicorns are dead, and no request notices", async () => {
  const answers = await Promise.all(Array.from({ length: 40 }, () => lab.get("/")));
  assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([200]));
});

test("a POST goes on to the living Gunicorn too, since the dead one never took it", async () => {
  const answers = await Promise.all(Array.from({ length: 20 }, () => ask(lab.port, "/", {}, Buffer.from("a=b"))));
  assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([200]));
});

test("uploads are limited, for each path by its own rule", async () => {
  const large = Buffer.alloc(2000);
  const send = async (path: string, body: Buffer) => (await ask(lab.port, path, {}, body)).status;
  assert.deepEqual([await send("/", large), await send("/upload/", large)], [413, 200]);
});

test("pages are compressed for those who ask, and say that they vary", async () => {
  const page = await lab.get("/long", { "Accept-Encoding": "gzip" });
  assert.deepEqual([page.header("Content-Encoding"), page.header("Vary")], [["gzip"], ["Accept-Encoding"]]);
  assert.ok(page.body.length < 200);
  assert.deepEqual((await lab.get("/long")).header("Content-Encoding"), []);
});

test("redirects lead to no inner port, and the version is not told", async () => {
  assert.deepEqual((await lab.get("/login")).header("Location"), ["/elsewhere/"]);
  await lab.write("/srv/static/css/app.css", "plain");
  assert.deepEqual((await lab.get("/static/css")).header("Location"), ["/static/css/"]);
  assert.deepEqual((await lab.get("/")).header("Server"), ["nginx"]);
});

test("each request is one JSON object on the container's log, health checks and static files none", async () => {
  await lab.get("/logged?x=1", { "User-Agent": 'quote" backslash\\' });
  const logs = await until(
    () => lab.logs(),
    (text) => text.includes(`"uri":"/logged?x=1"`),
  );
  const lines = logs.split("\n").filter((line) => line.startsWith("{"));
  const entries = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  const entry = entries.find(({ uri }) => uri === "/logged?x=1");
  assert.ok(entry);
  assert.deepEqual([entry["method"], entry["status"], entry["agent"]], ["GET", 200, 'quote" backslash\\']);
  assert.match(String(entry["id"]), /^[0-9a-f]{32}$/);
  assert.ok(typeof entry["seconds"] === "number" && typeof entry["bytes"] === "number");
  assert.deepEqual(
    entries.filter(({ uri }) => /^\/(healthz|static\/)/.test(String(uri))),
    [],
  );
});
