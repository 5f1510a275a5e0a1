import assert from "node:assert/strict";
import { useAwsTools } from "../../commands/lib/session.ts";
import { readStackFile } from "../../commands/lib/stack-file.ts";
import { seedFor, ThrowAwayStack, type Finished } from "../../commands/lib/throw-away.ts";
import { parseSettings } from "../../infra/settings.ts";
import type { Seed } from "../../tools/aws/record.ts";

/** A stack of the repository on an in-memory AWS of its own. */
export async function open(name: string, set: readonly string[] = [], seed: Seed = {}): Promise<ThrowAwayStack> {
  const { config, raw } = readStackFile(name, set);
  const settings = parseSettings(raw);
  assert.ok(settings.host === "ecs");
  return ThrowAwayStack.open(name, config, { ...seedFor(settings), ...seed }, await useAwsTools());
}

/** The engine's counts, as `{ unchanged: 80 }`. */
export function counts({ output }: Finished): Record<string, number> {
  const summary = output.slice(output.lastIndexOf("Resources:"));
  const found = summary.matchAll(/^\s+[+~±-]*\s*(\d+) (created|updated|replaced|deleted|unchanged|errored)/gm);
  return Object.fromEntries([...found].map(([, count, what]) => [what ?? "", Number(count)]));
}

/** Names of the resources that an update touched, by what was done with them; a replacement is no creation and no deletion. */
export function touched({ output }: Finished): Record<string, string[]> {
  const done: Record<string, Set<string>> = {};
  for (const [, name = "", what = ""] of output.matchAll(
    /^ [-+~ ]+ *\S+ (\S+) (created|updated|replaced|deleted) /gm,
  )) {
    (done[what] ??= new Set()).add(name);
  }
  const { replaced = new Set<string>(), ...others } = done;
  const named = Object.entries({ replaced, ...others }).map(([what, names]): [string, string[]] => [
    what,
    [...names].filter((name) => what === "replaced" || !replaced.has(name)).sort(),
  ]);
  return Object.fromEntries(named.filter(([, names]) => names.length > 0));
}

export function assertGreen(finished: Finished): void {
  assert.equal(finished.code, 0, finished.output.slice(-4000));
}
