/** Which rule counts for an address, as visitors write it. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startEchoLab, type EchoLab } from "./echo-lab.ts";
import { ask } from "./http-client.ts";

const NOBODY = ["203.0.113.7"] as const;

let lab: EchoLab;
before(async () => {
  lab = await startEchoLab({
    uploadLimit: "1k",
    health: { path: "/", host: "localhost" },
    paths: {
      "/": { trailingSlash: "remove" },
      "/admin/": { trailingSlash: "append" },
      "/api/": { trailingSlash: "off" },
      "/blog/": { log: false },
      "/export/": { trailingSlash: "off" },
      "/file": { timeout: "60s" },
      "/both": { timeout: "60s" },
      "/both/": { trailingSlash: "append" },
      "/internal/": { allow: NOBODY },
      "/old/": { redirect: "/new" },
      "/old/kept/": { redirect: "off" },
      "/cached/": { cache: "1s", upload: "1m" },
    },
  });
});
after(() => lab.remove());

const statuses = (paths: readonly string[]) => Promise.all(paths.map(async (path) => (await lab.get(path)).status));
const reached = async (path: string) => (await lab.echo(path)).fields["uri"];
const moved = async (path: string) => {
  const { status, header } = await lab.get(path);
  return [status, ...header("Location")];
};

test("the address of a path without its slash has its rules, and no redirect of nginx's own", async () => {
  assert.deepEqual(await statuses(["/internal", "/internal/a"]), [403, 403]);
  assert.deepEqual(await Promise.all(["/api", "/api/", "/api/a/"].map(reached)), ["/api", "/api/", "/api/a/"]);
  const { status, body } = await ask(lab.port, "/api", { Host: "example.com:8080" }, Buffer.from("a=b"));
  assert.equal(status, 200);
  assert.match(body.toString(), /^uri=\/api$/m);
});

test("each page has one form of address, and no redirect leads back", async () => {
  assert.deepEqual(await moved("/blog/"), [308, "/blog"]);
  assert.deepEqual(await moved("/blog/a/"), [308, "/blog/a"]);
  assert.deepEqual(await moved("/admin"), [308, "/admin/"]);
  assert.deepEqual(await moved("/admin/a"), [308, "/admin/a/"]);
  assert.deepEqual(await moved("/both/a"), [308, "/both/a/"]);
  const final = ["/both", "/both/", "/blog", "/blog/a", "/admin/", "/admin/a/", "/", "/file", "/export/"];
  assert.deepEqual(await Promise.all(final.map(reached)), final);
});

test("what has moved is moved with all below it, but for what stays", async () => {
  for (const path of ["/old/", "/old", "/old/a?b=c"]) assert.deepEqual(await moved(path), [308, "/new"], path);
  assert.equal(await reached("/old/kept"), "/old/kept");
});

test("a path with dot segments is refused: nginx would judge another one than the application answers", async () => {
  const dots = [
    "/internal/../x",
    "/internal/%2e%2E/x",
    "/internal/..%2fx",
    "/x/./y",
    "/internal/..",
    "/internal/..?a=b",
  ];
  assert.deepEqual(
    await statuses(dots),
    dots.map(() => 400),
  );
  const names = ["/x?next=/../y", "/a..b", "/.well-known", "/...", "/%2e%2e.css"];
  assert.deepEqual(await Promise.all(names.map(reached)), names);
});

test("the first page may say that the application lives", async () => {
  assert.equal(await reached("/healthz/app"), "/");
});

test("a cached path takes bodies as large as it says", async () => {
  const { status } = await ask(lab.port, "/cached/a", { Host: "example.com:8080" }, Buffer.alloc(2000));
  assert.equal(status, 200);
});

test("maintenance closes every path that nginx does not answer from disk", async () => {
  const closed = await startEchoLab({ media: false, maintenance: { allow: NOBODY } }, 503);
  try {
    const paths = ["/", "/media/1", "/healthz"];
    assert.deepEqual(await Promise.all(paths.map(async (path) => (await closed.get(path)).status)), [503, 503, 200]);
  } finally {
    await closed.remove();
  }
});
