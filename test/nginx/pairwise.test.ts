import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { siteText, siteTimeouts } from "../../components/nginx/index.ts";
import type { Site } from "../../components/nginx/index.ts";
import { checkTimeouts } from "../../components/edge/timeout-rules.ts";
import { UserError } from "../../components/shared/user-error.ts";
import { dockerSettings } from "../../infra/settings/docker.ts";
import { parseSettings } from "../../infra/settings.ts";
import { siteOf } from "../../infra/site.ts";
import { allPairs, missing, nameOf, pairwise } from "./pairs.ts";
import type { Pair, Row } from "./pairs.ts";
import { gixy } from "./python-tools.ts";
import { mainlineText, nginxTest, startLab, VERSIONS } from "./real-nginx.ts";
import type { Lab } from "./real-nginx.ts";
import { EXCLUDED, keysOf, VALUES } from "./setting-values.ts";

const seed = Number(process.env["SEED"] ?? Date.now() % 2 ** 31);

const excluded = EXCLUDED.map((names): Pair => {
  const [first, second, ...more] = Object.entries(names);
  assert.ok(first && second && more.length === 0, `not a pair: ${JSON.stringify(names)}`);
  return [...first, ...second];
});
const rows = pairwise(VALUES, excluded, seed);

const isHeld = ([key, value, other, name]: Pair, row: Row) => row[key] === value && row[other] === name;

/** The first value of each key: the default settings. */
const defaults: Row = Object.fromEntries(
  Object.entries(VALUES).map(([key, values]) => [key, Object.keys(values)[0] ?? ""]),
);

const valueOf = (row: Row, key: string): unknown =>
  (VALUES as Readonly<Record<string, Readonly<Record<string, unknown>>>>)[key]?.[row[key] ?? ""];

/** Settings that are mappings of settings; those of paths are written for each path. */
const GROUPS = [...new Set(Object.keys(VALUES).flatMap((key) => key.split(".").slice(0, -1)))].filter(
  (outer) => outer !== "paths",
);

const OPEN = { auth: false, allow: ["all"], deny: [] };

/** What stands under `config:` of a stack with these values. */
function rawSettings(row: Row): Record<string, unknown> {
  const raw: Record<string, unknown> = {};
  for (const key of Object.keys(VALUES)) {
    const value = valueOf(row, key);
    if (value !== undefined && key !== "paths" && !key.includes(".")) raw[key] = value;
  }
  const nested = (outer: string) =>
    Object.fromEntries(
      Object.keys(VALUES)
        .filter((key) => key.startsWith(`${outer}.`) && valueOf(row, key) !== undefined)
        .map((key) => [key.slice(outer.length + 1), valueOf(row, key)]),
    );
  const paths = valueOf(row, "paths") as readonly string[] | undefined;
  if (paths) raw["paths"] = Object.fromEntries(paths.map((path) => [path, nested("paths")]));
  // A site that is closed opens its health path: three values that go together, where pairs cannot say it.
  const health = raw["healthPath"];
  if (paths?.includes("/") && typeof health === "string")
    raw["paths"] = { ...(raw["paths"] as object), [health]: OPEN };
  for (const outer of GROUPS) if (Object.keys(nested(outer)).length > 0) raw[outer] = nested(outer);
  return raw;
}

/** The site as `npm start` makes it; the project's files only say which framework it has. */
function siteFor(row: Row): Site {
  const settings = parseSettings(rawSettings(row));
  const found = row["framework"] === "foundFlask" ? "wsgi" : "django";
  return siteOf(settings, { framework: settings.framework ?? found, gunicorn: "ours" });
}

const refusal = (row: Row): string => {
  try {
    siteText(siteFor(row));
    return "accepted";
  } catch (error) {
    assert.ok(error instanceof UserError);
    return error.message;
  }
};

let lab: Lab;
before(async () => {
  lab = await startLab();
});
after(() => lab.remove());

test("every setting has values here", () => {
  assert.deepEqual(Object.keys(VALUES).sort(), keysOf(dockerSettings).sort());
});

test("each value goes with the default settings, and each excluded pair is refused", () => {
  for (const [key, values] of Object.entries(VALUES)) {
    for (const name of Object.keys(values)) {
      if (excluded.some((pair) => isHeld(pair, { ...defaults, [key]: name }))) continue;
      assert.equal(refusal({ ...defaults, [key]: name }), "accepted", `${key}: ${name}`);
    }
  }
  for (const [key, value, other, name] of excluded) {
    // What stands in the rule of a path needs a path.
    const paths: Row = [key, other].some((each) => each.startsWith("paths.")) ? { paths: "below" } : {};
    const message = refusal({ ...defaults, ...paths, [key]: value, [other]: name });
    assert.notEqual(message, "accepted", `${key}=${value} and ${other}=${name}`);
    const keys = [key, other].map((each) => each.replace(".", "\\.(/\\S*\\.)?"));
    assert.match(message, new RegExp(`^(${keys.join("|")})\\b`));
  }
});

test(`the rows hold every pair that is not excluded (seed ${seed})`, (t) => {
  const pairs = allPairs(VALUES).filter((pair) => !excluded.map(nameOf).includes(nameOf(pair)));
  assert.equal(pairs.length, allPairs(VALUES).length - excluded.length, "an excluded pair that does not exist");
  const left = missing(pairs, rows);
  t.diagnostic(
    `${rows.length} settings hold ${pairs.length - left.length} of ${pairs.length} pairs of ${Object.keys(VALUES).length} keys; ` +
      `${excluded.length} more are excluded, and refused`,
  );
  assert.deepEqual(left, []);
  assert.notDeepEqual(missing(pairs, rows.slice(0, -1)), [], "the count can fail");
});

test("the time limits of each row fit together", () => {
  for (const row of rows) assert.deepEqual(checkTimeouts(siteTimeouts(siteFor(row))), [], JSON.stringify(row));
});

test(`each row's nginx.conf passes nginx -t of both versions and gixy-ng (seed ${seed})`, async (t) => {
  const sites = rows.map(siteFor);
  const texts = [...new Set(sites.map(siteText))];
  const mainline = [...new Set(sites.map(mainlineText))];
  const [debian, newer, findings] = await Promise.all([
    nginxTest(lab, texts, "debian"),
    nginxTest(lab, mainline, "mainline"),
    gixy(texts),
  ]);
  const wrong = [
    ...texts.map((text, index) => ({ text, said: [debian[index], ...(findings[index] ?? ["not tested"])] })),
    ...mainline.map((text, index) => ({ text, said: [newer[index]] })),
  ].filter(({ said }) => said.some((line) => line !== ""));
  assert.deepEqual(wrong, []);
  t.diagnostic(
    `${texts.length} different texts on nginx ${VERSIONS.debian} and in gixy-ng, ${mainline.length} on ${VERSIONS.mainline}`,
  );
});
