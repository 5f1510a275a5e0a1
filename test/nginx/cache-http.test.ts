import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { gunzipSync } from "node:zlib";
import { until } from "./http-client.ts";
import { startEchoLab } from "./echo-lab.ts";
import type { EchoLab } from "./echo-lab.ts";

let lab: EchoLab;
before(async () => {
  lab = await startEchoLab({ paths: { "/cached/": { cache: "1s" }, "/cached/long": { cache: "1h" } } });
});
after(() => lab.remove());

test("a cached page is compressed once, whatever way a visitor asks for it", async () => {
  const long = (encodings: string) => lab.get("/cached/long", { "Accept-Encoding": encodings });
  const first = await long("gzip, deflate, br");
  assert.deepEqual([first.header("Content-Encoding"), first.header("X-Cache-Status")], [["gzip"], ["MISS"]]);
  assert.match(gunzipSync(first.body).toString(), /^x{2000}$/);
  for (const encodings of ["gzip", "br, gzip;q=0.5", "deflate,gzip"]) {
    const { header, body } = await long(encodings);
    assert.deepEqual([header("X-Cache-Status"), header("Vary")], [["HIT"], ["Accept-Encoding"]], encodings);
    assert.deepEqual(body, first.body);
  }
  const plain = await long("br");
  assert.deepEqual([plain.header("Content-Encoding"), plain.header("X-Cache-Status")], [[], ["MISS"]]);
  for (const encodings of ["", "gzip;q=0", "gzip;q=0.0", "xgzip"]) {
    const { header, body } = await long(encodings);
    assert.deepEqual([header("Content-Encoding"), header("X-Cache-Status")], [[], ["HIT"]], encodings);
    assert.deepEqual(body, plain.body);
  }
});

const cacheStatus = async (path: string, headers?: Readonly<Record<string, string>>) =>
  (await lab.get(path, headers)).header("X-Cache-Status")[0];

test("a cached page is rendered once, then comes from the cache, and is renewed", async () => {
  const first = await lab.echo("/cached/page");
  const second = await lab.echo("/cached/page");
  assert.deepEqual([first.header("X-Cache-Status"), second.header("X-Cache-Status")], [["MISS"], ["HIT"]]);
  assert.equal(second.fields["unique"], first.fields["unique"]);
  assert.notDeepEqual(second.header("X-Request-ID"), first.header("X-Request-ID"));
  await setTimeout(2100); // nginx counts whole seconds
  assert.match((await cacheStatus("/cached/page")) ?? "", /^(STALE|UPDATING|EXPIRED)$/);
  await until(
    () => lab.echo("/cached/page"),
    ({ fields }) => fields["unique"] !== first.fields["unique"],
  );
  assert.equal(await cacheStatus("/elsewhere"), undefined);
});

test("nothing personal is cached", async () => {
  await lab.get("/cached/shared");
  for (const [index, cookie] of [
    "sessionid=1",
    "session=1",
    "csrftoken=1",
    "messages=1",
    "a=b; sessionid=x",
    "django_language=de",
  ].entries()) {
    assert.equal(await cacheStatus("/cached/shared", { Cookie: cookie }), "BYPASS", cookie);
    assert.equal(await cacheStatus(`/cached/own-${index}`, { Cookie: cookie }), "BYPASS");
    assert.equal(await cacheStatus(`/cached/own-${index}`), "MISS", "what one visitor was shown is not kept");
  }
  assert.equal(await cacheStatus("/cached/shared", { Authorization: "Basic YTpi" }), "BYPASS");
  assert.equal(await cacheStatus("/cached/shared", { Host: "other.example" }), "MISS");
  for (const path of ["/cached/cookie", "/cached/private", "/cached/missing"]) {
    assert.equal(await cacheStatus(path), "MISS", path);
    assert.equal(await cacheStatus(path), "MISS", path);
  }
});

test("when the application is gone, a cached page is served as it was, and another is a 502", async () => {
  await lab.get("/cached/outage");
  const { code } = await lab.exec(["sh", "-c", "kill $(cat /tmp/app.pid)"]);
  assert.equal(code, 0);
  await setTimeout(2100);
  const stale = await until(
    () => lab.get("/cached/outage"),
    ({ header }) => header("X-Cache-Status")[0] === "STALE",
  );
  assert.equal(stale.status, 200);
  assert.deepEqual(
    [(await lab.get("/")).status, (await lab.get("/healthz")).status, (await lab.get("/healthz/app")).status],
    [502, 200, 502],
  );
});
