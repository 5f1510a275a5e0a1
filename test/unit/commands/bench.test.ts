import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { inRoot, ROOT } from "../../../commands/lib/command.ts";

/** Nothing is measured: these command lines are refused. */
function refused(...args: string[]): string {
  const command = [inRoot("commands/bench.ts"), ...args];
  const { status, stdout, stderr } = spawnSync(process.execPath, command, { cwd: ROOT, encoding: "utf8" });
  assert.deepEqual([status, stdout], [1, ""]);
  return stderr.trim();
}

test("figures are written of whole runs, with an even number of rounds", () => {
  assert.equal(
    refused("--write", "--rounds", "9"),
    "error: --rounds: 9 is odd, and every other round has the reverse order: who comes first would have one more. Write an even number with --write.",
  );
  const whole =
    "error: --write: docs/performance.md shows whole runs only. Leave out --case and --short, and measure at least 6 rounds.";
  assert.equal(refused("--write", "--short"), whole);
  assert.equal(refused("--write", "--rounds", "4"), whole);
  assert.equal(refused("--write", "--case", "json-dynamic"), whole);
});
