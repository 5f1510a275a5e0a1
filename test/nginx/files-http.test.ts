import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { until } from "./http-client.ts";
import { startEchoLab } from "./echo-lab.ts";
import type { EchoLab } from "./echo-lab.ts";

let lab: EchoLab;
before(async () => {
  lab = await startEchoLab();
});
after(() => lab.remove());

test("static files: one Cache-Control each, a year for hashed names, compressed beforehand", async () => {
  await lab.write("/srv/static/app.css", "plain");
  await lab.write("/srv/static/css/app.0123456789ab.css", "hashed");
  await lab.write("/srv/static/css/app.0123456789ab.css.gz", "gz");
  await lab.write("/srv/static/css/app.0123456789ab.css.br", "br");
  const plain = await lab.get("/static/app.css");
  assert.deepEqual(
    [plain.status, plain.body.toString(), plain.header("Cache-Control")],
    [200, "plain", ["max-age=2592000"]],
  );
  assert.deepEqual([plain.header("Content-Type"), plain.header("X-Content-Type-Options")], [["text/css"], ["nosniff"]]);
  for (const [encoding, body] of [
    ["", "hashed"],
    ["gzip", "gz"],
    ["br", "br"],
    ["gzip, br", "br"],
  ] as const) {
    const hashed = await lab.get("/static/css/app.0123456789ab.css", { "Accept-Encoding": encoding });
    assert.deepEqual([hashed.status, hashed.body.toString()], [200, body]);
    assert.deepEqual(hashed.header("Vary"), ["Accept-Encoding"]);
    assert.deepEqual(hashed.header("Cache-Control"), ["public, max-age=31536000, immutable"]);
    assert.deepEqual(
      [hashed.header("Content-Type"), hashed.header("X-Content-Type-Options")],
      [["text/css"], ["nosniff"]],
    );
  }
  const missing = await lab.get("/static/gone.0123456789ab.css");
  assert.deepEqual([missing.status, missing.header("Cache-Control")], [404, []]);
});

test("a JavaScript module comes as JavaScript", async () => {
  await lab.write("/srv/static/module.mjs", "export {}");
  const module = await lab.get("/static/module.mjs");
  assert.deepEqual([module.status, module.header("Content-Type")], [200, ["text/javascript"]]);
  assert.deepEqual(
    [module.header("Cache-Control"), module.header("X-Content-Type-Options")],
    [["max-age=2592000"], ["nosniff"]],
  );
  await lab.write("/srv/static/module.0123456789ab.mjs", "export {}");
  const hashed = await lab.get("/static/module.0123456789ab.mjs");
  assert.deepEqual(
    [hashed.header("Content-Type"), hashed.header("Cache-Control")],
    [["text/javascript"], ["public, max-age=31536000, immutable"]],
  );
});

test("only a name with twelve hexadecimal digits before its extension counts as hashed", async () => {
  for (const name of ["app.0123456789ag.css", "app.0123456789abc.css", "0123456789ab.css", "0123456789ab"]) {
    await lab.write(`/srv/static/${name}`, "plain");
    assert.deepEqual((await lab.get(`/static/${name}`)).header("Cache-Control"), ["max-age=2592000"], name);
  }
});

test("a new static file is there at once, a replaced one within two seconds", async () => {
  for (let round = 0; round < 3; round++) assert.equal((await lab.get("/static/new.txt")).status, 404);
  await lab.write("/srv/static/new.txt", "one");
  assert.equal((await lab.get("/static/new.txt")).body.toString(), "one");
  for (let round = 0; round < 5; round++) await lab.get("/static/new.txt");
  await lab.write("/srv/static/next", "two");
  await lab.exec(["mv", "/srv/static/next", "/srv/static/new.txt"]);
  await until(
    () => lab.get("/static/new.txt"),
    ({ body }) => body.toString() === "two",
    2,
  );
});

test("nothing outside the folders can be read", async () => {
  await lab.write("/srv/media/inside.txt", "media");
  for (const path of [
    "/static../media/inside.txt",
    "/static/../media/../../etc/passwd",
    "/static/%2e%2e/%2e%2e/etc/passwd",
    "/media../static/app.css",
  ]) {
    const { body } = await lab.get(path);
    assert.doesNotMatch(body.toString(), /root:|^media$|^plain$/, path);
  }
});

test("uploaded files cannot act as pages of the site", async () => {
  await lab.write("/srv/media/evil.html", "<script>alert(1)</script>");
  const answer = await lab.get("/media/evil.html");
  assert.deepEqual([answer.status, answer.header("Cache-Control")], [200, ["max-age=3600"]]);
  assert.deepEqual(answer.header("X-Content-Type-Options"), ["nosniff"]);
  assert.deepEqual(answer.header("Content-Security-Policy"), [
    "default-src 'none'; style-src 'unsafe-inline'; sandbox",
  ]);
  await lab.write("/srv/media/unknown.xyz", "?");
  assert.deepEqual((await lab.get("/media/unknown.xyz")).header("Content-Type"), ["application/octet-stream"]);
});
