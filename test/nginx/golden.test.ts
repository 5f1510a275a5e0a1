import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { originalNodes, render, siteNodes, siteText } from "../../components/nginx/index.ts";
import { flatLines, without } from "./flat-lines.ts";
import { LOCAL } from "./sites.ts";

const golden = (name: string) => readFileSync(join(import.meta.dirname, "golden", name), "utf8");
const oneBlank = (text: string) => text.trim().replace(/\s+/g, " ");

test("the presets still make the original configuration, byte for byte after white space", () => {
  assert.equal(oneBlank(render(originalNodes())), oneBlank(golden("original.conf")));
});

test("local's configuration is the reviewed one", () => {
  assert.equal(siteText(LOCAL), golden("local.conf"));
});

/** Lines of the list by their sign; each must stand below a reason. */
function listed(): Record<"-" | "+", string[]> {
  const lines = { "-": [] as string[], "+": [] as string[] };
  let reason = "";
  for (const line of golden("local-differences.txt").split("\n")) {
    const sign = line[0];
    if (sign === "#") reason = line.slice(1).trim();
    else if (line === "") reason = "";
    else if (sign === "-" || sign === "+") {
      assert.notEqual(reason, "", `no reason above: ${line}`);
      lines[sign].push(line.slice(2));
    } else assert.fail(`neither a reason nor a difference: ${line}`);
  }
  return lines;
}

test("local differs from the original by the list with reasons, and by nothing else", () => {
  const [original, local] = [flatLines(originalNodes()), flatLines(siteNodes(LOCAL))];
  const [list, differences] = [listed(), { "-": without(original, local), "+": without(local, original) }];
  for (const sign of ["-", "+"] as const) {
    assert.deepEqual(without(differences[sign], list[sign]), [], `${sign} lines that are not in local-differences.txt`);
    assert.deepEqual(without(list[sign], differences[sign]), [], `${sign} lines that are no difference any more`);
  }
});

test("a site is plain data, and so is its configuration", () => {
  const nodes = siteNodes(JSON.parse(JSON.stringify(LOCAL)) as typeof LOCAL);
  assert.deepEqual(JSON.parse(JSON.stringify(nodes)), nodes);
});
