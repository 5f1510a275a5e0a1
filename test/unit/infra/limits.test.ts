import assert from "node:assert/strict";
import { test } from "node:test";
import { roomy, tmpMebibytes } from "../../../infra/limits.ts";
import { parseSettings } from "../../../infra/settings.ts";

test("roomy limits change in large steps only", () => {
  const table = [45, 75, 256, 257, 512, 3615].map((least) => [least, roomy(least)]);
  assert.deepEqual(table, [
    [45, 256],
    [75, 256],
    [256, 256],
    [257, 512],
    [512, 512],
    [3615, 4096],
  ]);
});

test("/tmp holds four of the largest uploads", () => {
  const settings = (more: object) => parseSettings({ host: "docker", edge: "nginx", wsgiModule: "a", ...more });
  assert.equal(tmpMebibytes(settings({ uploadLimit: "64m" })), 256);
  assert.equal(tmpMebibytes(settings({ uploadLimit: "65m" })), 512);
  assert.equal(tmpMebibytes(settings({ paths: { "/a/": { upload: "1g" } } })), 4096);
});
