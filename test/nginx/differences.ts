import assert from "node:assert/strict";
import type { Node } from "../../components/nginx/index.ts";
import { flatLines, without } from "./flat-lines.ts";

/** Lines that one configuration has (`-`) and another one has instead (`+`), sorted. */
export type Differences = Readonly<Record<"-" | "+", readonly string[]>>;

export function differences(before: readonly Node<never>[], after: readonly Node<never>[]): Differences {
  const [old, now] = [flatLines(before), flatLines(after)];
  return { "-": without(old, now).sort(), "+": without(now, old).sort() };
}

/** The lines of a checked-in list; each must stand below a reason. */
export function listed(text: string): Differences {
  const lines = { "-": [] as string[], "+": [] as string[] };
  let reason = "";
  for (const line of text.split("\n")) {
    const sign = line[0];
    if (sign === "#") reason = line.slice(1).trim();
    else if (line === "") reason = "";
    else if (sign === "-" || sign === "+") {
      assert.notEqual(reason, "", `no reason above: ${line}`);
      lines[sign].push(line.slice(2));
    } else assert.fail(`neither a reason nor a difference: ${line}`);
  }
  return { "-": lines["-"].sort(), "+": lines["+"].sort() };
}
