import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { siteNodes, siteText } from "../../components/nginx/index.ts";
import { readStackFile } from "../../commands/lib/stack-file.ts";
import { projectOf } from "../../infra/project.ts";
import { parseSettings } from "../../infra/settings.ts";
import { siteOf } from "../../infra/site.ts";
import { differences, listed } from "./differences.ts";
import { checkConfigs } from "./real-nginx.ts";

function siteOfStack(stack: string) {
  const settings = parseSettings(readStackFile(stack, []).raw);
  return siteOf(settings, projectOf(settings));
}
const nodes = (stack: string) => siteNodes(siteOfStack(stack));
const list = (name: string) => readFileSync(join(import.meta.dirname, "golden", name), "utf8");

test("dev differs from local by the list with reasons, and by nothing else", () => {
  assert.deepEqual(differences(nodes("local"), nodes("dev")), listed(list("dev-differences.txt")));
});

test("prod differs from dev by the list with reasons, and by nothing else", () => {
  assert.deepEqual(differences(nodes("dev"), nodes("prod")), listed(list("prod-differences.txt")));
});

test("the real nginx takes the configuration of every stack, and gixy-ng finds nothing", async () => {
  const verdicts = await checkConfigs(["local", "dev", "prod"].map((stack) => siteText(siteOfStack(stack))));
  assert.deepEqual(verdicts, Array(3).fill({ nginx: "", gixy: [] }));
});
