import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { directives } from "../../components/nginx/directives.ts";
import { dockerSettings } from "../../infra/settings/docker.ts";
import { serving } from "../../infra/settings/serving.ts";
import { FEATURES, SERVED } from "../features/features.ts";
import { keysOf } from "../nginx/setting-values.ts";

const ROOT = join(import.meta.dirname, "../..");
const settings = new Set(keysOf(dockerSettings));
/** nginx's own names, some of which the table has twice. */
const names = new Set(Object.entries(directives).map(([key, { name }]: [string, { name?: string }]) => name ?? key));

describe("the list of features", () => {
  it("names settings, directives and tests that exist", () => {
    for (const { feature, settings: keys, directives: used, test } of FEATURES) {
      assert.ok(keys.length > 0 && used.length > 0, feature);
      for (const key of keys) assert.ok(settings.has(key), `${feature}: ${key}`);
      for (const directive of used) {
        assert.ok(directive.startsWith("--") || names.has(directive.split(" ")[0] ?? ""), `${feature}: ${directive}`);
      }
      assert.ok(existsSync(join(ROOT, test)), `${feature}: ${test}`);
    }
  });

  it("has a row for each setting of nginx", () => {
    const listed = new Set(FEATURES.flatMap((feature) => feature.settings));
    const missing = Object.entries(serving).flatMap(([key, schema]) =>
      keysOf(schema, key).filter((nested) => nested !== "paths" && !listed.has(nested)),
    );
    assert.deepEqual(missing, []);
  });

  it("takes away what it lists of nginx.conf", () => {
    // The last word: of `server weight=` the parameter, of `return 308` the status.
    const sayingOf = (directive: string) => new RegExp(`\\b${directive.split(" ").at(-1) ?? ""}(?!_)`);
    const kept = SERVED.flatMap(({ feature, directives: listed, mutations }) =>
      listed
        .filter((directive) => !mutations.some(([line]) => sayingOf(directive).test(line.source)))
        .map((directive) => `${feature}: ${directive}`),
    );
    assert.deepEqual(kept, []);
  });
});
