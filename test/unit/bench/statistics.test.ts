import assert from "node:assert/strict";
import { test } from "node:test";
import { judge, ratiosOf } from "../../bench/judge.ts";
import type { SideResult } from "../../bench/measure.ts";
import type { SideName } from "../../bench/sides.ts";
import { median, medianRatio, orderOf } from "../../bench/statistics.ts";

const side = (name: SideName, rps: number[], bytes = 100, errors = 0): SideResult<SideName> => ({
  side: name,
  rps,
  p99ms: rps.map(() => 1),
  cpuMicros: rps.map(() => 1),
  neighbours: rps.map(() => 0),
  bytes,
  errors,
});

test("the median is the middle, or the mean of the two in the middle, in any order", () => {
  assert.equal(median([9, 1, 5]), 5);
  assert.equal(median([10, 9, 2, 100]), 9.5);
  assert.throws(() => median([]), /no values/);
});

test("ratios are taken round by round: a slow minute of the machine changes both sides, not their ratio", () => {
  assert.equal(medianRatio([100, 10, 100], [50, 5, 50]), 2);
  assert.equal(median([100, 10, 10]) / median([50, 50, 5]), 0.2); // what the ratio of medians would say
  assert.equal(medianRatio([100, 10, 10], [50, 50, 5]), 2);
  assert.throws(() => medianRatio([1], [1, 2]), /1 rounds against 2/);
});

test("every other round goes the other way", () => {
  assert.deepEqual(
    [0, 1, 2].map((round) => orderOf(["a", "b", "c"], round)),
    [
      ["a", "b", "c"],
      ["c", "b", "a"],
      ["a", "b", "c"],
    ],
  );
});

test("a side that did not answer in some round has no ratio", () => {
  const sides = [side("original", [0, 5]), side("raw", [20, 20]), side("ours", [10, 10])];
  assert.deepEqual(ratiosOf(sides), { "ours/raw": 0.5 });
  assert.deepEqual(ratiosOf([side("raw", [1])]), {});
});

test("floors, targets, bytes and errors are judged", () => {
  const sides = [side("raw", [20], 90), side("original", [5], 400), side("ours", [10], 100, 3)];
  const judged = judge(
    [
      { of: "speed", side: "ours", base: "raw", floor: 0.5, target: 0.6 },
      { of: "speed", side: "ours", base: "original", floor: 2.1 },
      { of: "fewer bytes", side: "ours", base: "original", floor: 4 },
    ],
    sides,
    ratiosOf(sides),
  );
  assert.deepEqual(judged, [
    { measure: "ours/raw", value: 0.5, floor: 0.5, target: 0.6, targetMet: false, holds: true },
    { measure: "ours/original", value: 2, floor: 2.1, holds: false },
    { measure: "bytes original/ours", value: 4, floor: 4, holds: true },
    { measure: "errors of ours", value: 3, floor: 0, holds: false },
  ]);
});

test("a floor under a side that did not answer does not hold", () => {
  const sides = [side("original", [0]), side("ours", [10])];
  const [speed] = judge([{ of: "speed", side: "ours", base: "original", floor: 1 }], sides, ratiosOf(sides));
  assert.equal(speed?.holds, false);
});
