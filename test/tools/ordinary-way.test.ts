import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readlinkSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { prepare } from "../../tools/index.ts";
import { root } from "./toolbox.ts";

// What Pulumi's installer leaves behind, as far as it matters here; called with its own options.
const INSTALLER = `
  [ "$1 $2 $3 $5" = "--version 3.259.0 --install-root --no-edit-path" ] || exit 9
  mkdir "$4/bin"
  for name in pulumi pulumi-language-nodejs; do printf '#!/bin/sh\\n' > "$4/bin/$name"; chmod +x "$4/bin/$name"; done
`;

test("with a connection, engine and providers come from Pulumi, also when the first try fails", async (t) => {
  const empty = mkdtempSync(join(tmpdir(), "tools-test-"));
  const before = process.env["PATH"];
  const asked: string[] = [];
  t.mock.method(globalThis, "fetch", (address: string, { method = "GET" }: RequestInit) => {
    asked.push(`${method} ${address}`);
    const isFirst = asked.filter((line) => line === asked.at(-1)).length === 1;
    return isFirst
      ? Promise.reject(new Error("a slow network"))
      : Promise.resolve(new Response(method === "GET" ? INSTALLER : null));
  });
  t.after(() => {
    process.env["PATH"] = before;
    rmSync(empty, { recursive: true });
  });
  symlinkSync(join(root, "tools"), join(empty, "tools"));
  mkdirSync(join(empty, "path"));
  for (const name of ["sh", "mkdir", "chmod"]) symlinkSync(`/bin/${name}`, join(empty, "path", name));
  process.env["PATH"] = join(empty, "path");

  const box = await prepare({
    root: empty,
    needs: ["engine", "language host", "provider docker", "provider random"],
    say: () => undefined,
    ask: () => Promise.resolve(false),
  });
  assert.deepEqual(
    box.supplied.map(({ part, from }) => `${part}: ${from}`),
    [
      "engine: .local/tools/pulumi/3.259.0 (Pulumi's installer)",
      "language host: with the engine",
      "provider docker: the engine installs it when it is needed",
      "provider random: the engine installs it when it is needed",
    ],
  );
  assert.equal(asked.filter((line) => line === "GET https://get.pulumi.com").length, 2);
  assert.equal(
    readlinkSync(join(empty, ".local/tools/bin/pulumi")),
    join(empty, ".local/tools/pulumi/3.259.0/bin/pulumi"),
  );
  assert.ok(!existsSync(join(empty, ".local/pulumi-home")), "nothing of ours stands in the engine's way");
});
