import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import * as pulumi from "@pulumi/pulumi";
import { siteNodes, siteText } from "../../components/nginx/index.ts";
import { NginxConfig } from "../../components/nginx/nginx-config.ts";
import { LOCAL } from "./sites.ts";

const registered: { type: string; name: string; inputs: unknown }[] = [];
await pulumi.runtime.setMocks({
  newResource: ({ type, name, inputs }) => {
    registered.push({ type, name, inputs: inputs as unknown });
    return { id: name, state: inputs as object };
  },
  call: () => ({}),
});

const value = <T>(output: pulumi.Output<T>) =>
  new Promise<unknown>((resolve) => {
    output.apply(resolve);
  });

test("the component's outputs are the text, its hash and its model; the text is its input", async () => {
  const config = new NginxConfig("nginx", { site: LOCAL });
  const urn = await value(config.urn);
  assert.match(String(urn), /::wsgi-on-aws:index:NginxConfig::nginx$/);
  assert.equal(await value(config.text), siteText(LOCAL));
  assert.equal(await value(config.sha256), createHash("sha256").update(siteText(LOCAL)).digest("hex"));
  assert.deepEqual(await value(config.model), siteNodes(LOCAL));
  assert.deepEqual(registered, [
    { type: "wsgi-on-aws:index:NginxConfig", name: "nginx", inputs: { text: siteText(LOCAL) } },
  ]);
});

test("the model is importable without Pulumi", () => {
  const folder = join(import.meta.dirname, "../../components/nginx");
  const seen = new Set<string>();
  const visit = (file: string) => {
    if (seen.has(file)) return;
    seen.add(file);
    for (const [, imported] of readFileSync(file, "utf8").matchAll(/(?:from|import) "([^"]+)"/g)) {
      if (imported?.startsWith("node:")) continue;
      assert.ok(imported?.startsWith("."), `${file} imports ${String(imported)}`);
      visit(join(file, "..", imported ?? ""));
    }
  };
  visit(join(folder, "index.ts"));
  assert.ok(seen.size > 10);
  assert.ok(!seen.has(join(folder, "nginx-config.ts")));
});
