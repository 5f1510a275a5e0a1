import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { mendTornFiles } from "../../../commands/lib/torn-files.ts";

test("an empty checkpoint gets its predecessor back, empty attributes go, everything else stays", (t) => {
  const folder = mkdtempSync(join(tmpdir(), "torn-"));
  t.after(() => {
    rmSync(folder, { recursive: true });
  });
  const files = {
    "a.json": "",
    "a.json.bak": "{}",
    "a.json.attrs": "",
    "b.json": "[]",
    "b.json.bak": "{}",
    "b.json.attrs": "{}",
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  mendTornFiles(folder);
  const text = (name: string) => readFileSync(join(folder, name), "utf8");
  assert.deepEqual([text("a.json"), text("b.json"), text("b.json.attrs")], ["{}", "[]", "{}"]);
  assert.equal(existsSync(join(folder, "a.json.attrs")), false);
  mendTornFiles(join(folder, "nowhere"));
});
