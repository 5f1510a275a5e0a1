import { spawnSync } from "node:child_process";
import { globSync } from "node:fs";
import { run } from "node:test";
import { spec } from "node:test/reporters";
import { UserError } from "../components/shared/user-error.ts";
import { inRoot, main, parse, ROOT } from "./lib/command.ts";
import { needsOf, useAwsTools, useTools } from "./lib/session.ts";

const USAGE = "npm test [-- --all] [-- --only <group>]";

/** Programs that check the source as it lies there. */
const CHECKS: Readonly<Record<string, readonly string[]>> = {
  types: ["typescript/bin/tsc", "--noEmit", "-p", "."],
  lint: ["eslint/bin/eslint.js", "."],
  format: ["prettier/bin/prettier.cjs", "--check", "--log-level", "warn", "."],
};

interface Group {
  readonly name: string;
  readonly files: string;
  /** Files of one group side by side. Not where they share the Docker engine's containers or measure time. */
  readonly parallel?: boolean;
  /** Needs the in-memory AWS, with its registry. */
  readonly onAws?: boolean;
  /** Runs with `--all` only: more than a developer wants to wait for. */
  readonly long?: boolean;
}

const GROUPS: readonly Group[] = [
  { name: "unit", files: "test/unit/**/*.test.ts", parallel: true },
  { name: "architecture", files: "test/architecture/*.test.ts", parallel: true },
  { name: "nginx", files: "test/nginx/*.test.ts" },
  { name: "app", files: "test/app/*.test.ts" },
  { name: "tools", files: "test/tools/*.test.ts" },
  { name: "e2e", files: "test/e2e/*.test.ts" },
  { name: "engine", files: "test/engine/*.test.ts", onAws: true },
  { name: "documented", files: "test/engine/documented/*.test.ts", onAws: true, long: true },
  { name: "features", files: "test/features/*.test.ts", long: true },
  { name: "workers", files: "test/e2e/workers/*.test.ts", long: true },
  { name: "forgery", files: "test/e2e/forgery/*.test.ts", long: true },
  { name: "rollout", files: "test/e2e/rollout/*.test.ts", long: true },
  { name: "migrations", files: "test/e2e/migrations/*.test.ts", long: true },
  { name: "strangers", files: "test/e2e/strangers/*.test.ts", long: true },
  { name: "bench", files: "test/bench/*.test.ts", long: true },
  { name: "faults", files: "test/e2e/faults/*.test.ts", long: true },
];

await main(async () => {
  const { values } = parse(USAGE, { all: { type: "boolean", default: false }, only: { type: "string" } });
  const wanted = (name: string, long = false) =>
    values.only === undefined ? values.all || !long : values.only === name;
  const total = { passed: 0, failed: 0, skipped: 0 };

  await useTools(needsOf("postgres"));
  const missing = await missingForAws();
  for (const [name, [program = "", ...args]] of Object.entries(CHECKS)) {
    if (!wanted(name)) continue;
    const { status, seconds } = timed(() =>
      spawnSync(process.execPath, [inRoot(`node_modules/${program}`), ...args], { cwd: ROOT, stdio: "inherit" }),
    );
    console.log(`${status === 0 ? "✔" : "✖"} ${name} (${seconds} s)`);
    total[status === 0 ? "passed" : "failed"]++;
  }
  for (const group of GROUPS.filter(({ name, long }) => wanted(name, long))) {
    const started = Date.now();
    console.log(`\n── ${group.name} ──`);
    if (group.onAws && missing !== undefined) {
      total.skipped += globSync(group.files, { cwd: ROOT }).length;
      console.log(`── ${group.name}: skipped, for this machine lacks a part:\n${missing}`);
      continue;
    }
    const counts = await runGroup(group);
    total.passed += counts.passed;
    total.failed += counts.failed;
    total.skipped += counts.skipped;
    console.log(
      `── ${group.name}: ${counts.passed} passed, ${counts.failed} failed (${((Date.now() - started) / 1000).toFixed(0)} s)`,
    );
  }
  console.log(`\n${total.passed} passed, ${total.failed} failed${total.skipped ? `, ${total.skipped} skipped` : ""}`);
  return total.failed === 0 && total.passed > 0 ? 0 : 1;
});

/** Why the in-memory AWS cannot be had on this machine, as on one where Debian's docker-registry cannot be installed. */
async function missingForAws(): Promise<string | undefined> {
  try {
    await useAwsTools();
    return undefined;
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
}

async function runGroup({
  files,
  parallel = false,
}: Group): Promise<{ passed: number; failed: number; skipped: number }> {
  const found = globSync(files, { cwd: ROOT }).sort().map(inRoot);
  if (found.length === 0) return { passed: 0, failed: 1, skipped: 0 }; // a group without files proves nothing
  const stream = run({ files: found, concurrency: parallel, cwd: ROOT });
  const counts = { passed: 0, failed: 0, skipped: 0 };
  stream.on("test:summary", ({ file, counts: of }) => {
    if (file !== undefined) return; // the last summary is that of all files
    counts.passed = of.passed;
    counts.skipped = of.skipped + of.todo;
    counts.failed = of.tests - of.passed - counts.skipped;
  });
  for await (const line of stream.compose(new spec())) process.stdout.write(line as string);
  return counts;
}

function timed<T extends object>(act: () => T): T & { seconds: string } {
  const started = Date.now();
  const result = act();
  return { ...result, seconds: ((Date.now() - started) / 1000).toFixed(0) };
}
