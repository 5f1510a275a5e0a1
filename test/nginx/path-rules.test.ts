import assert from "node:assert/strict";
import { test } from "node:test";
import { placeOf, placesOf } from "../../components/nginx/path-rules.ts";
import type { PathRules } from "../../components/nginx/path-rules.ts";
import { siteText } from "../../components/nginx/index.ts";
import { UserError } from "../../components/shared/user-error.ts";
import { LOCAL } from "./sites.ts";

const OFFICE = ["203.0.113.0/24"] as const;
const LIMIT = { rate: "10r/s", burst: 20, dryRun: false } as const;

const RULES: PathRules = {
  "/": { auth: true },
  "/news/": { cache: "10s", deny: ["198.51.100.7"] },
  "/news/archive/": { cache: "1h", rateLimit: LIMIT },
  "/news/archive/latest": { auth: false },
  "/newsletter/": { allow: OFFICE },
};

test("a rule holds for all below its path, and the nearest one counts, key by key", () => {
  assert.deepEqual(placeOf(RULES, "/news/archive/latest"), {
    path: "/news/archive/latest",
    rule: { auth: false, cache: "1h", deny: ["198.51.100.7"], rateLimit: LIMIT },
    rateLimitOf: "/news/archive/",
  });
  assert.deepEqual(placeOf(RULES, "/newsletter/").rule, { auth: true, allow: OFFICE });
  assert.deepEqual(placeOf(RULES, "/static/").rule, { auth: true });
});

test("the whole site comes last", () => {
  assert.deepEqual(
    placesOf(RULES).map(({ path }) => path),
    ["/news/", "/news/archive/", "/news/archive/latest", "/newsletter/", "/"],
  );
  assert.deepEqual(placesOf({}), [{ path: "/", rule: {}, rateLimitOf: "/" }]);
});

test("a limit counts all below its path together", () => {
  const text = siteText({
    ...LOCAL,
    paths: { "/api/": { rateLimit: LIMIT }, "/api/a/": { log: false }, "/api/b/": { rateLimit: "off" } },
  });
  assert.equal(text.match(/limit_req_zone/g)?.length, 1);
  assert.equal(text.match(/limit_req zone=rate\/api\/ burst=20 nodelay;/g)?.length, 2);
});

test("rules that contradict one another are refused where they are written", () => {
  const refused = (paths: PathRules) => {
    try {
      siteText({ ...LOCAL, paths });
    } catch (error) {
      assert.ok(error instanceof UserError);
      return error.problems.map(({ where, what }) => `${where}: ${what}`);
    }
    return [];
  };
  const stream = "cache and streaming do not go together: a stream has no end that could be kept.";
  assert.deepEqual(refused({ "/a/": { cache: "1s", streaming: true } }), [`paths./a/.streaming: ${stream}`]);
  assert.deepEqual(refused({ "/a/": { cache: "1s" }, "/a/b/": { streaming: true } }), [
    `paths./a/b/.streaming: ${stream}`,
  ]);
  assert.deepEqual(refused({ "/a/": { cache: "1s" }, "/a/b/": { streaming: true, cache: "off" } }), []);
  assert.deepEqual(refused({ "/a/": { refresh: OFFICE } }), ["paths./a/.refresh: there is no cached page to refresh."]);
  assert.deepEqual(refused({ "/": { redirect: "/new/", timeout: "5s" } }), [
    "paths./.redirect: cannot be for the whole site.",
    "paths./.timeout: cannot be for the whole site.",
  ]);
});
