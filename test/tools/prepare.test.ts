import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { test } from "node:test";
import { UserError } from "../../components/shared/user-error.ts";
import { inspect, prepare } from "../../tools/index.ts";
import type { Options } from "../../tools/index.ts";
import { keep } from "../../tools/files.ts";
import { PARTS, SWITCH } from "../../tools/part.ts";
import { run } from "../../tools/run.ts";
import { root, toolbox } from "./toolbox.ts";

function refuse(): never {
  throw new Error("asked or said something");
}

test("what is there is found again within three seconds, without a word", async () => {
  const needs = PARTS.filter((part) => !part.startsWith("image"));
  await toolbox(...needs);
  const started = Date.now();
  const box = await prepare({ root, needs, say: refuse, ask: refuse });
  assert.ok(Date.now() - started < 3_000, `${Date.now() - started} ms`);
  assert.deepEqual(
    box.supplied.map(({ part }) => part),
    needs,
  );
  assert.equal(box.env["PATH"]?.split(delimiter)[0], join(root, ".local/tools/bin"));
  assert.deepEqual(await inspect({ root, needs, say: refuse, ask: refuse }), box.supplied);
});

test("an empty checkout", async (t) => {
  const empty = mkdtempSync(join(tmpdir(), "tools-test-"));
  const before = { PATH: process.env["PATH"], switch: process.env[SWITCH] };
  t.after(() => {
    rmSync(empty, { recursive: true });
    process.env["PATH"] = before.PATH;
    if (before.switch === undefined) Reflect.deleteProperty(process.env, SWITCH);
    else process.env[SWITCH] = before.switch;
  });
  symlinkSync(join(root, "tools"), join(empty, "tools"));
  process.env["PATH"] = empty;
  const options: Options = { root: empty, needs: PARTS, say: refuse, ask: refuse };

  await t.test("inspect says what is missing and writes nothing", async () => {
    const found = await inspect(options);
    assert.deepEqual(
      found.map(({ part, from }) => `${part}: ${from}`),
      PARTS.map((part) => `${part}: missing`),
    );
    assert.deepEqual(readdirSync(empty), ["tools"]);
  });

  await t.test(`${SWITCH}=off: all that is missing is one error with the ordinary remedies`, async () => {
    process.env[SWITCH] = "off";
    await assert.rejects(prepare(options), (error) => {
      assert.ok(error instanceof UserError);
      // What only waits for a missing part is not named.
      assert.deepEqual(error.problems.map(({ where }) => where).sort(), [
        "docker engine",
        "docker registry",
        "engine",
        "provider docker",
        "provider random",
      ]);
      for (const { what, remedy } of error.problems) {
        assert.match(what, /WSGI_ON_AWS_TOOLS=off/);
        assert.match(remedy, /^(Install|Run) /);
      }
      return true;
    });
    assert.deepEqual(readdirSync(empty), ["tools"]);
  });
});

test("two runs that make the same folder: both work, one content, no remains", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "tools-test-"));
  t.after(() => {
    rmSync(folder, { recursive: true });
  });
  let made = 0;
  const make = async (): Promise<void> => {
    made += 1;
    await new Promise((done) => setTimeout(done, 50));
  };
  await Promise.all([keep(join(folder, "1.0"), "here", make), keep(join(folder, "1.0"), "here", make)]);
  await keep(join(folder, "1.0"), "here", make);
  assert.equal(made, 2);
  assert.deepEqual(readdirSync(folder), ["1.0"]);
  await assert.rejects(
    keep(join(folder, "2.0"), "here", () => Promise.reject(new Error("the reason"))),
    /the reason/,
  );
  assert.deepEqual(readdirSync(folder), ["1.0"]);
});

test("every command has a bound, and a failure shows its last lines", async () => {
  assert.equal(await run("sh", ["-c", "echo out; echo err >&2"], { within: 10 }), "out");
  await assert.rejects(run("sh", ["-c", "seq 100; exit 3"], { within: 10 }), /ended with code 3\.\n86\n.*\n100$/s);
  await assert.rejects(run("sleep", ["30"], { within: 0.2 }), /was stopped after 0\.2 s/);
  await assert.rejects(
    run("sleep", ["30"], { within: 10, firstLineWithin: 0.2 }),
    /was stopped: no answer within 0\.2 s/,
  );
  await assert.rejects(run("no-such-command", [], { within: 1 }), /ENOENT/);
});
