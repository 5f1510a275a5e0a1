import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { PARTS, VERSIONS } from "../../tools/part.ts";
import { root } from "./toolbox.ts";

const read = (path: string): string => readFileSync(join(root, path), "utf8");

test("the table of tools/README.md has the parts and versions of the code", () => {
  const readme = read("tools/README.md");
  const rows = [...readme.matchAll(/^\| `([^`]+)` \|(.*)$/gm)].map(([, part, rest]) => ({ part, rest }));
  assert.deepEqual(
    rows.map(({ part }) => part),
    PARTS,
  );
  const versions = { engine: VERSIONS.engine, "provider docker": VERSIONS.docker, "provider random": VERSIONS.random };
  for (const [part, version] of Object.entries(versions)) {
    assert.ok(rows.find((row) => row.part === part)?.rest?.includes(version), `${part} ${version}`);
  }
});

test("the versions are those of the npm packages, the Go program and the go.mod", () => {
  for (const name of ["docker", "random"] as const) {
    assert.match(read(`node_modules/@pulumi/${name}/package.json`), new RegExp(`"version": "${VERSIONS[name]}"`));
  }
  assert.match(read("tools/docker-provider/main.go"), new RegExp(`const version = "${VERSIONS.docker}"`));
  assert.match(read("tools/random-provider/main.ts"), new RegExp(`version: "${VERSIONS.random}"`));
  assert.match(read("tools/pulumi/go.mod"), new RegExp(`github.com/pulumi/pulumi/pkg/v3 v${VERSIONS.engine}`));
});
