import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import type { Question } from "./client.ts";
import type { Served } from "./feature.ts";
import { until } from "../nginx/http-client.ts";
import type { Lab } from "./lab.ts";

/** A page that no check before has asked for. */
const fresh = (area = "news") => {
  const name = `p${Date.now()}${Math.floor(Math.random() * 1e6)}`;
  return { name, path: `/${area}/page/${name}` };
};

async function page(lab: Lab, path: string, question?: Question) {
  const { status, body, header, milliseconds } = await lab.ask(path, question);
  const [, rendering, reader] = /rendering (\d+) for (\w+)/.exec(body.toString()) ?? [];
  return { status, cache: header("X-Cache-Status")[0], rendering: Number(rendering), reader, milliseconds };
}

const CACHED = { paths: { "/news/": { cache: "1s" } } };

/** Answers of Gunicorn that nginx keeps. */
export const CACHING: readonly Served[] = [
  {
    feature: "response cache: only on paths that opt in, with a status header",
    settings: ["paths.cache"],
    directives: ["proxy_cache", "proxy_cache_key", "proxy_cache_valid", "add_header"],
    set: () => ({ paths: { "/news/": { cache: "1h" } } }),
    check: async (lab) => {
      const { path } = fresh();
      const [first, second] = [await page(lab, path), await page(lab, path)];
      assert.deepEqual([first.cache, first.rendering, second.cache, second.rendering], ["MISS", 1, "HIT", 1]);
      const other = await page(lab, `${path}?other=1`);
      assert.deepEqual([other.cache, other.rendering], ["MISS", 2]);
      const elsewhere = fresh("live").path;
      await page(lab, elsewhere);
      const again = await page(lab, elsewhere);
      assert.deepEqual([again.cache, again.rendering], [undefined, 2]);
    },
    mutations: [
      [/^ +proxy_cache pages/],
      [/proxy_cache_valid/],
      [/add_header X-Cache-Status/],
      [/proxy_cache_key .*;/, "proxy_cache_key $uri;"],
    ],
  },
  {
    feature: "response cache: one rendering for many visitors (lock)",
    settings: ["paths.cache"],
    directives: ["proxy_cache_lock"],
    set: () => CACHED,
    check: async (lab) => {
      const { path, name } = fresh();
      const all = await Promise.all(Array.from({ length: 12 }, () => page(lab, `${path}?ms=400`)));
      assert.deepEqual(new Set(all.map(({ status }) => status)), new Set([200]));
      assert.equal(await lab.calls(name), 1);
    },
    mutations: [[/proxy_cache_lock on/]],
  },
  {
    feature: "response cache: nobody waits for a renewal (micro-cache)",
    settings: ["paths.cache"],
    directives: ["proxy_cache_use_stale updating", "proxy_cache_background_update"],
    set: () => CACHED,
    check: async (lab) => {
      const { path } = fresh();
      await page(lab, `${path}?ms=600`);
      await sleep(2100);
      const stale = await page(lab, `${path}?ms=600`);
      assert.deepEqual([stale.cache, stale.rendering], ["STALE", 1]);
      assert.ok(stale.milliseconds.last < 400, `${stale.milliseconds.last} ms`);
      const renewed = () => page(lab, `${path}?ms=600`);
      await until(renewed, ({ rendering }) => rendering === 2, 5);
    },
    mutations: [[/proxy_cache_background_update/], [/ updating/, ""]],
  },
  {
    feature: "response cache: the last page while the application is down",
    settings: ["paths.cache"],
    directives: ["proxy_cache_use_stale"],
    set: () => CACHED,
    check: async (lab) => {
      const { path } = fresh();
      await page(lab, path);
      await sleep(2100);
      await lab.without(["gunicorn-1", "gunicorn-2"], async () => {
        const stale = await page(lab, path);
        assert.deepEqual([stale.status, stale.cache, stale.rendering], [200, "STALE", 1]);
        await sleep(500);
        assert.equal((await page(lab, path)).status, 200);
        assert.equal((await page(lab, fresh().path)).status, 502, "what was never rendered cannot be shown");
      });
    },
    mutations: [[/proxy_cache_use_stale/]],
  },
  {
    feature: "response cache: nothing personal is kept",
    settings: ["paths.cache"],
    directives: ["proxy_cache_bypass", "proxy_no_cache"],
    set: () => ({ paths: { "/news/": { cache: "1h" } } }),
    check: async (lab) => {
      const { path } = fresh();
      const alice = { headers: { Cookie: "sessionid=alice" } };
      assert.equal((await page(lab, path, alice)).reader, "alice");
      assert.equal((await page(lab, path)).reader, "anybody", "what Alice was shown is nobody else's");
      assert.equal((await page(lab, path)).cache, "HIT");
      assert.deepEqual(
        [(await page(lab, path, alice)).reader, (await page(lab, path, alice)).cache],
        ["alice", "BYPASS"],
      );
      assert.equal((await page(lab, path, { headers: { Authorization: "Bearer abc" } })).cache, "BYPASS");
      const setting = `${fresh().path}?cookie=1`;
      await page(lab, setting);
      assert.equal((await page(lab, setting)).rendering, 2, "an answer with a cookie is not kept");
    },
    mutations: [[/proxy_cache_bypass/], [/proxy_no_cache/]],
  },
  {
    feature: "response cache: a page renewed by staff",
    settings: ["paths.refresh"],
    directives: ["geo", "map", "proxy_cache_bypass"],
    set: (lab) => ({
      paths: {
        "/news/": { cache: "1h", refresh: [lab.client] },
        "/other/": { cache: "1h", refresh: ["192.0.2.0/24"] },
      },
    }),
    check: async (lab) => {
      const anew = { headers: { "Cache-Control": "no-cache" } };
      const rendering = async (path: string, question?: Question) => (await page(lab, path, question)).rendering;
      const { path } = fresh();
      assert.deepEqual([await rendering(path), await rendering(path)], [1, 1]);
      assert.deepEqual([await rendering(path, anew), await rendering(path)], [2, 2], "renewed for everybody");
      const closed = fresh("other").path;
      assert.deepEqual([await rendering(closed), await rendering(closed, anew)], [1, 1], "not for strangers");
    },
    mutations: [
      [/proxy_cache_bypass \$refresh_1 /, "proxy_cache_bypass "],
      [/geo \$refresh_1_from/, "geo $arg_never $refresh_1_from"],
      [/^ +(?!192\.0\.2)[0-9.]+ 1;/],
      [/1:no-cache 1;/],
      [/map \$refresh_1_from:\$http_cache_control/, "map $refresh_1_from:$arg_never"],
      [/^ +default 0;$/, "default 1;"],
    ],
  },
  {
    feature: "response cache: compressed once, not for each visitor",
    settings: ["paths.cache", "paths.compression"],
    directives: ["map", "gzip", "proxy_cache_key"],
    set: () => ({ paths: { "/news/": { cache: "1h" }, "/plain/": { cache: "1h", compression: false } } }),
    check: async (lab) => {
      const { path } = fresh();
      const get = (encoding: string, at = path) => lab.ask(at, { headers: { "Accept-Encoding": encoding } });
      const first = await get("gzip, br");
      const second = await get("deflate, gzip");
      assert.deepEqual(
        [first, second].map(({ header }) => header("Content-Encoding")[0]),
        ["gzip", "gzip"],
      );
      assert.deepEqual(second.header("X-Cache-Status"), ["HIT"]);
      const plain = await get("br");
      assert.deepEqual([plain.header("Content-Encoding"), plain.header("Vary")], [[], ["Accept-Encoding"]]);
      assert.match(plain.body.toString(), /^<p>rendering/);
      assert.deepEqual((await get("gzip", fresh("plain").path)).header("Content-Encoding"), []);
      const { meta } = await lab.seen(`/news/seen?${path}`, { headers: { "Accept-Encoding": "br" } });
      assert.equal(meta["HTTP_ACCEPT_ENCODING"], undefined, "an application that compresses is asked for what is kept");
    },
    mutations: [
      [/map \$http_accept_encoding/, "map $arg_never"],
      [/^ {4}gzip on/],
      [/proxy_set_header Accept-Encoding \$cached_encoding/],
      [/proxy_cache_key "\$cached_encoding /, 'proxy_cache_key "'],
      [/add_header Vary/],
      [/proxy_http_version 1.1/],
    ],
  },
];
