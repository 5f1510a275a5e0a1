import assert from "node:assert/strict";
import { test } from "node:test";
import { placeOf, placesOf } from "../../components/nginx/path-rules.ts";
import type { PathRules } from "../../components/nginx/path-rules.ts";
import { siteText, type Path, type Site, type Time } from "../../components/nginx/index.ts";
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
  assert.deepEqual(placeOf(RULES, "/newsletter").rule, { auth: true, allow: OFFICE }, "nobody means it to be open");
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
  assert.equal(
    text.match(/limit_req zone=rate\/api\/ burst=20 nodelay;/g)?.length,
    4,
    "each with and without its slash",
  );
});

/** What is said of rules. */
function refused(paths: PathRules, change: Partial<Site> = {}): string[] {
  try {
    siteText({ ...LOCAL, ...change, paths });
  } catch (error) {
    assert.ok(error instanceof UserError);
    return error.problems.map(({ where, what }) => `${where}: ${what}`);
  }
  return [];
}

test("rules that contradict one another are refused where they are written", () => {
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

test("a rule that closes one address and leaves open what is below it is refused", () => {
  const open = "closes /admin and leaves everything below it open.";
  assert.deepEqual(refused({ "/admin": { auth: true } }), [`paths./admin: ${open}`]);
  assert.deepEqual(refused({ "/admin": { allow: OFFICE } }), [`paths./admin: ${open}`]);
  assert.deepEqual(refused({ "/admin": { auth: true }, "/admin/": { log: false } }), [`paths./admin: ${open}`]);
  assert.deepEqual(refused({ "/admin": { auth: true }, "/admin/": { auth: false } }), []);
  assert.deepEqual(refused({ "/v1.0": { deny: OFFICE } }), [
    "paths./v1.0: closes /v1.0 and leaves everything below it open.",
  ]);
  assert.deepEqual(refused({ "/report.pdf": { auth: true } }), []);
  assert.deepEqual(refused({ "/admin": { trailingSlash: "append" } }), [
    "paths./admin.trailingSlash: one address has one form.",
  ]);
});

test("a path that has moved does nothing else, and leads somewhere", () => {
  const idle = "says nothing where visitors are sent to /new/.";
  assert.deepEqual(refused({ "/old/": { redirect: "/new/", auth: true, log: false } }), [`paths./old/.auth: ${idle}`]);
  assert.deepEqual(refused({ "/old/": { redirect: "/new/" }, "/old/kept/": { cache: "1s" } }), [
    `paths./old/kept/.cache: ${idle}`,
  ]);
  assert.deepEqual(refused({ "/old/": { redirect: "/new/" }, "/old/kept/": { cache: "1s", redirect: "off" } }), []);
  assert.deepEqual(refused({ "/a/": { redirect: "/a/b/?c=d" } }), [
    "paths./a/.redirect: /a/b/?c=d leads back to itself.",
  ]);
  assert.deepEqual(refused({ "/a/": { redirect: "/a/b/" }, "/a/b/": { redirect: "off" } }), []);
  assert.deepEqual(refused({ "/a": { redirect: "/a/" } }), ["paths./a.redirect: /a/ leads back to itself."]);
  assert.deepEqual(refused({ "/a/": { redirect: "/b/" }, "/b/": { redirect: "/a/" } }), [
    "paths./a/.redirect: /b/ leads back to itself.",
    "paths./b/.redirect: /a/ leads back to itself.",
  ]);
});

test("what a list or password closes is not shown at /healthz/app", () => {
  const health = (path: Path, paths: PathRules) => refused(paths, { health: { path, host: "localhost" } });
  const shown = ["healthPath: a list or password closes /, and /healthz/app shows it to everybody."];
  assert.deepEqual(health("/", { "/": { auth: true } }), shown);
  assert.deepEqual(health("/", { "/": { deny: OFFICE } }), shown);
  assert.deepEqual(health("/live", { "/": { auth: true }, "/live": { auth: false } }), []);
  const open = { auth: false, allow: ["all"], deny: [] } as const;
  assert.deepEqual(health("/live", { "/": { auth: true, allow: OFFICE, deny: OFFICE }, "/live": open }), []);
  assert.deepEqual(health("/healthz", { "/": { auth: true } }), [], "no page of the site");
});

test("pages behind a password of nginx's are kept for all who have it", () => {
  const bypass = (paths: PathRules) => /proxy_cache_bypass .*/.exec(siteText({ ...LOCAL, paths }))?.[0];
  assert.match(bypass({ "/": {}, "/news/": { cache: "1s" } }) ?? "", /\$http_authorization/);
  assert.doesNotMatch(bypass({ "/": { auth: true }, "/news/": { cache: "1s" } }) ?? "", /\$http_authorization/);
});

test("no page is dropped before its time", () => {
  const inactive = (cache: Time) =>
    /keys_zone=.* (inactive=\w+)/.exec(siteText({ ...LOCAL, paths: { "/a/": { cache } } }))?.[1];
  assert.deepEqual([inactive("10s"), inactive("1h")], ["inactive=10m", "inactive=1h"]);
});
