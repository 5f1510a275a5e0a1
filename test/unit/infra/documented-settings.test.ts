import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { parse } from "yaml";
import { siteText } from "../../../components/nginx/index.ts";
import { ladderOf } from "../../../infra/ladder.ts";
import { parseSettings } from "../../../infra/settings.ts";
import { siteOf } from "../../../infra/site.ts";

const ROOT = join(import.meta.dirname, "../../..");
const PREFIX = "wsgi-on-aws:";
const ARN = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:users-AbCdEf";

/** What a block leaves out, for it shows one thing. */
const AROUND = {
  docker: { host: "docker", wsgiModule: "mysite.wsgi" },
  ecs: { wsgiModule: "mysite.wsgi", profile: "prod", domain: "www.example.com" },
};

/** Settings of a block: a whole stack's file, or what stands below its `config:`. */
function settingsIn(block: string): Record<string, unknown> {
  const content = parse(block) as { config?: Record<string, unknown> } & Record<string, unknown>;
  return Object.fromEntries(
    Object.entries(content.config ?? content).map(([key, value]) => {
      assert.ok(key.startsWith(PREFIX), key);
      return [key.slice(PREFIX.length), value];
    }),
  );
}

/** The hosts of a block: the one that its settings or its first line name, else every host. */
function hostsOf(block: string): readonly (keyof typeof AROUND)[] {
  const [, host] = /^(?:# on |config:\n {2}wsgi-on-aws:host: )(docker|ecs)$/m.exec(block) ?? [];
  return host === "docker" || host === "ecs" ? [host] : ["docker", "ecs"];
}

const pages = globSync("{README,docs/*}.md", { cwd: ROOT }).map((page) => {
  const text = readFileSync(join(ROOT, page), "utf8");
  return { page, blocks: [...text.matchAll(/^```yaml\n(.*?)^```$/gms)].map(([, block = ""]) => block) };
});

describe("what the pages show of a stack's file", () => {
  for (const { page, blocks } of pages) {
    for (const [index, block] of blocks.entries()) {
      for (const host of hostsOf(block)) {
        it(`${page}, block ${index + 1}, is taken on ${host}`, () => {
          const shown = settingsIn(block);
          const secrets = host === "ecs" && "htpasswd" in shown ? { htpasswd: ARN } : {};
          const settings = parseSettings({ ...AROUND[host], ...shown, ...secrets });
          const site = siteOf(settings, { framework: "django", gunicorn: "ours" });
          ladderOf(settings, site);
          assert.match(siteText(site), /^http \{$/m);
        });
      }
    }
  }

  it("is in README.md and docs/recipes.md", () => {
    const found = new Map(pages.map(({ page, blocks }) => [page, blocks.length]));
    assert.ok((found.get("README.md") ?? 0) >= 1);
    assert.ok((found.get("docs/recipes.md") ?? 0) >= 7);
  });
});
