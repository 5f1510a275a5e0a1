import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { before, test } from "node:test";
import { promisify } from "node:util";
import { inRoot, ROOT } from "../../commands/lib/command.ts";
import type { CaseResult, Results } from "./bench.ts";
import { CASE_NAMES, CASES, PRINTED_NAMES } from "./cases.ts";

// One round of a second: that every side of every case runs and says the same. Speed is judged by `npm run bench`.

let results: Results;

before(async () => {
  const command = [inRoot("commands/bench.ts"), "--short", "--json"];
  const { stdout } = await promisify(execFile)(process.execPath, command, { cwd: ROOT, maxBuffer: 2 ** 24 });
  results = JSON.parse(stdout) as Results;
});

const all = () => [...results.cases, ...results.printed];
const names = (found: readonly CaseResult[]) => found.map((result) => result.case);
const side = (name: string, of: string) => {
  const found = all()
    .find((result) => result.case === name)
    ?.sides.find((one) => one.side === of);
  assert.ok(found, `${name}: ${of}`);
  return found;
};

test("the machine and the versions are known", () => {
  const { cpus, ...texts } = results.machine;
  assert.ok(Number.isInteger(cpus) && cpus > 0);
  assert.deepEqual(Object.keys(texts), [
    "cpu",
    "memory",
    "kernel",
    "nginx",
    "gunicorn",
    "django",
    "python",
    "openssl",
    "wrk",
  ]);
  for (const [name, text] of Object.entries(texts)) assert.match(text, /\w/, name);
  assert.match(results.machine.nginx, /^1\.\d+\.\d+$/);
  assert.match(results.machine.gunicorn, /^\d+\.\d+\.\d+$/);
  assert.match(results.machine.django, /^\d+\.\d+(\.\d+)?$/);
});

test("every case has every side, with a figure for each round", () => {
  assert.deepEqual(names(results.cases), CASE_NAMES);
  assert.deepEqual(names(results.printed), PRINTED_NAMES);
  for (const result of all()) {
    const { sides } = CASES.find(({ name }) => name === result.case) ?? {};
    assert.deepEqual(
      result.sides.map((one) => one.side),
      sides,
    );
    for (const { side: name, rps, p99ms, cpuMicros, neighbours, bytes } of result.sides) {
      const where = `${result.case}: ${name}`;
      assert.equal(rps.length, 1, where);
      assert.equal(p99ms.length, 1, where);
      assert.equal(cpuMicros.length, 1, where);
      assert.ok(neighbours.length === 1 && neighbours.every((share) => share >= 0 && share <= 1), where);
      assert.ok(bytes > 0, where);
    }
  }
});

test("ratios are those of the figures", () => {
  for (const { case: name, ratios } of results.cases) {
    for (const [pair, ratio] of Object.entries(ratios)) {
      const base = pair.replace("ours/", "");
      const [ours = NaN] = side(name, "ours").rps;
      const [other = NaN] = side(name, base).rps;
      assert.equal(ratio, ours / other, `${name}: ${pair}`);
    }
  }
  assert.deepEqual(Object.keys(results.cases[0]?.ratios ?? {}), ["ours/raw", "ours/original", "ours/h5bp"]);
});

test("no request fails but those of the original beside slow clients", () => {
  for (const result of all()) {
    for (const { side: name, rps, errors } of result.sides) {
      if (result.case === "slow-clients" && name === "original") continue;
      assert.equal(errors, 0, `${result.case}: ${name}`);
      assert.ok(
        rps.every((rate) => rate > 0),
        `${result.case}: ${name}`,
      );
    }
  }
  assert.ok(side("slow-clients", "original").errors > 0);
});

test("a page that counts as cached comes from the cache, and compressed ones are compressed", () => {
  const [cached = NaN] = side("page-cached", "ours").rps;
  const [rendered = NaN] = side("page-cached", "gunicorn").rps;
  assert.ok(rendered < 100 * results.machine.cpus, "the page does not cost 10 ms");
  assert.ok(cached > 10 * rendered);
  assert.ok(side("page-cached-compressed", "ours").bytes < side("page-cached", "ours").bytes / 2);
  assert.ok(side("static-100k-compressed", "ours").bytes < side("static-100k-compressed", "original").bytes / 4);
});
