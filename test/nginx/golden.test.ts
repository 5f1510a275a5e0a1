import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { originalNodes, render, siteNodes, siteText } from "../../components/nginx/index.ts";
import { differences, listed } from "./differences.ts";
import { LOCAL } from "./sites.ts";

const golden = (name: string) => readFileSync(join(import.meta.dirname, "golden", name), "utf8");
const oneBlank = (text: string) => text.trim().replace(/\s+/g, " ");

test("the presets still make the original configuration, byte for byte after white space", () => {
  assert.equal(oneBlank(render(originalNodes())), oneBlank(golden("original.conf")));
});

test("local's configuration is the reviewed one", () => {
  assert.equal(siteText(LOCAL), golden("local.conf"));
});

test("local differs from the original by the list with reasons, and by nothing else", () => {
  assert.deepEqual(differences(originalNodes(), siteNodes(LOCAL)), listed(golden("local-differences.txt")));
});

test("a site is plain data, and so is its configuration", () => {
  const nodes = siteNodes(JSON.parse(JSON.stringify(LOCAL)) as typeof LOCAL);
  assert.deepEqual(JSON.parse(JSON.stringify(nodes)), nodes);
});
