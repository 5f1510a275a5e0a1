import assert from "node:assert/strict";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import type { Served } from "./feature.ts";

const encoded = (encoding: string) => ({ headers: { "Accept-Encoding": encoding } });

/** What nginx serves from disk, and how answers are made smaller. */
export const FILES: readonly Served[] = [
  {
    feature: "static files from disk, compressed beforehand, kept for long",
    settings: ["framework"],
    directives: ["alias", "expires", "gzip_static", "brotli_static"],
    set: () => ({}),
    check: async (lab) => {
      const plain = await lab.ask("/static/site.css");
      assert.equal(plain.status, 200);
      assert.deepEqual(plain.header("Cache-Control"), ["max-age=2592000"]);
      const brotli = await lab.ask("/static/site.css", encoded("br"));
      const gzip = await lab.ask("/static/site.css", encoded("gzip"));
      assert.deepEqual(
        [brotli, gzip].map(({ header }) => header("Content-Encoding")[0]),
        ["br", "gzip"],
      );
      assert.deepEqual(brotliDecompressSync(brotli.body), plain.body);
      assert.deepEqual(gunzipSync(gzip.body), plain.body);
      assert.ok(gzip.header("Content-Length").length === 1, "from a file, whose length is known");
      const manifest = JSON.parse((await lab.ask("/static/staticfiles.json")).body.toString()) as {
        paths: Record<string, string>;
      };
      const hashed = await lab.ask(`/static/${manifest.paths["site.css"] ?? ""}`);
      assert.deepEqual([hashed.status, hashed.header("Cache-Control")], [200, ["public, max-age=31536000, immutable"]]);
      assert.equal(await lab.status("/static../etc/passwd"), 404);
    },
    mutations: [
      [/alias \/srv\/static\//],
      [/expires 30d/],
      [/gzip_static on/],
      [/brotli_static on/],
      [/add_header Cache-Control "public/],
    ],
  },
  {
    feature: "uploaded files from disk, unable to act as pages of the site",
    settings: ["media"],
    directives: ["alias", "expires", "add_header"],
    set: () => ({}),
    check: async (lab) => {
      assert.equal(
        (await lab.ask("/keep/page.html", { body: "<script>alert(1)</script>" })).body.toString(),
        "/media/page.html",
      );
      const { status, header } = await lab.ask("/media/page.html");
      assert.deepEqual([status, header("Cache-Control")], [200, ["max-age=3600"]]);
      assert.match(header("Content-Security-Policy")[0] ?? "", /sandbox/);
      assert.deepEqual(header("X-Content-Type-Options"), ["nosniff"]);
    },
    mutations: [
      [/alias \/srv\/media\//],
      [/expires 1h/],
      [/add_header Content-Security-Policy/],
      [/^ {12}add_header X-Content-Type-Options/],
    ],
  },
  {
    feature: "compression of pages",
    settings: ["paths.compression"],
    directives: ["gzip", "gzip_vary", "gzip_proxied"],
    set: () => ({ paths: { "/secret/": { compression: false } } }),
    check: async (lab) => {
      const page = await lab.ask("/live/page/compressed", encoded("gzip"));
      assert.deepEqual([page.header("Content-Encoding"), page.header("Vary")], [["gzip"], ["Accept-Encoding"]]);
      assert.match(gunzipSync(page.body).toString(), /^<p>rendering/);
      assert.deepEqual((await lab.ask("/secret/page/compressed", encoded("gzip"))).header("Content-Encoding"), []);
      const viaProxy = { headers: { "Accept-Encoding": "gzip", Via: "1.1 proxy" } };
      assert.deepEqual((await lab.ask("/live/page/compressed", viaProxy)).header("Content-Encoding"), ["gzip"]);
    },
    mutations: [[/^ {4}gzip on/], [/gzip_vary on/], [/gzip_proxied/], [/^ {12}gzip off/]],
  },
];
