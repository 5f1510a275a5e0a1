import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { dirname, relative, resolve } from "node:path";
import { describe, it } from "node:test";
import { execFileSync } from "node:child_process";

const ROOT = resolve(import.meta.dirname, "../..");
const sources = (pattern: string) => globSync(pattern, { cwd: ROOT });

/** What a file imports, relative imports as paths from the repository; types count too. */
function importsOf(file: string): string[] {
  const text = readFileSync(resolve(ROOT, file), "utf8");
  return [...text.matchAll(/^(?:import|export)[^"']*?from "([^"]+)"|^import "([^"]+)"/gm)].map(
    ([, from = "", bare = ""]) => {
      const name = from || bare;
      return name.startsWith(".") ? relative(ROOT, resolve(ROOT, dirname(file), name)) : name;
    },
  );
}

describe("layers", () => {
  it("the product knows neither tools/ nor commands/", () => {
    const product = sources("{infra,components}/**/*.ts");
    assert.ok(product.length > 20);
    for (const file of product) {
      for (const name of importsOf(file)) assert.doesNotMatch(name, /^(tools|commands|test)\//, file);
    }
  });

  it("components do not know the program", () => {
    for (const file of sources("components/**/*.ts")) {
      for (const name of importsOf(file)) assert.doesNotMatch(name, /^infra\//, file);
    }
  });

  it("only infra/settings.ts and infra/index.ts read Pulumi's configuration", () => {
    const readers = sources("{infra,components}/**/*.ts").filter((file) =>
      /pulumi\.Config\b|allConfig\(/.test(readFileSync(resolve(ROOT, file), "utf8")),
    );
    assert.deepEqual(readers, ["infra/settings.ts"]);
  });

  it("infra/ creates no raw resource", () => {
    for (const file of sources("infra/*.ts")) {
      const raw = importsOf(file).filter((name) => /^@pulumi\/(docker|random|aws)$/.test(name));
      assert.deepEqual(raw, [], file);
    }
  });

  it("the nginx model and the other pure files load without Pulumi", () => {
    const pure = [
      "components/nginx/index.ts",
      "components/edge/timeouts.ts",
      "components/gunicorn/sizing.ts",
      "components/image/context.ts",
    ];
    for (const file of pure) {
      for (const loaded of reachable(file)) assert.doesNotMatch(loaded, /^@pulumi\//, `${file} reaches ${loaded}`);
    }
  });
});

describe("generated files", () => {
  it("are up to date with the settings", () => {
    execFileSync(process.execPath, ["commands/schema.ts", "--check"], { cwd: ROOT });
  });

  it("are up to date with the features", () => {
    execFileSync(process.execPath, ["commands/features.ts", "--check"], { cwd: ROOT });
  });
});

function reachable(file: string, seen = new Set<string>()): Set<string> {
  for (const name of importsOf(file)) {
    if (seen.has(name)) continue;
    seen.add(name);
    if (name.endsWith(".ts")) reachable(name, seen);
  }
  return seen;
}
