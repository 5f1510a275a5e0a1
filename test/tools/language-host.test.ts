import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, globSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { splitWords } from "../../tools/language-host/split-words.ts";
import { origin, project, toolbox } from "./toolbox.ts";

const box = await toolbox("engine", "language host");
const ours = origin(box, "language host").startsWith("tools/");

test("nodeargs are split like a shell does", () => {
  const table: [string, string[]][] = [
    ["", []],
    ["  --a   --b=c ", ["--a", "--b=c"]],
    [`--title "two words" --x='it "is"'`, ["--title", "two words", `--x=it "is"`]],
    [String.raw`--path=/a\ b "say \"so\""`, ["--path=/a b", `say "so"`]],
    [`--empty ""`, ["--empty", ""]],
  ];
  for (const [text, words] of table) assert.deepEqual(splitWords(text), words, text);
});

test("a program gets its configuration, secret and plain, its nodeargs, and Node 24", async (t) => {
  const program = `
    import * as pulumi from "@pulumi/pulumi";
    const config = new pulumi.Config();
    export const secret = config.requireSecret("word");
    export const plain = config.require("plain");
    export const title = process.title;
    export const node = process.versions.node;
  `;
  const options = `typescript: false\n    nodeargs: --title "two words" --no-warnings`;
  const stack = await project(box, program, options);
  t.after(stack.remove);
  await stack.pulumi("config", "set", "--secret", "word", "hidden {} value");
  await stack.pulumi("config", "set", "plain", "a b");
  const { code, text } = await stack.pulumi("up", "--yes", "--skip-preview");
  assert.equal(code, 0, text);
  assert.match(text, /secret: \[secret\]/);
  assert.doesNotMatch(text, /hidden/);
  const outputs = await stack.pulumi("stack", "output", "--json", "--show-secrets");
  assert.deepEqual(JSON.parse(outputs.text), {
    secret: "hidden {} value",
    plain: "a b",
    title: "two words",
    node: process.versions.node,
  });
});

test("a program that fails ends non-zero with its own message", async (t) => {
  const stack = await project(box, `throw new Error("the reason is here");`);
  t.after(stack.remove);
  const { code, text } = await stack.pulumi("preview");
  assert.notEqual(code, 0);
  assert.match(text, /the reason is here/);
});

test("a missing SDK is said, with what to do", { skip: !ours && "Pulumi's own language host is here" }, async (t) => {
  const stack = await project(box, "");
  t.after(stack.remove);
  rmSync(join(stack.folder, "node_modules"));
  const { code, text } = await stack.pulumi("preview");
  assert.notEqual(code, 0);
  assert.match(text, /@pulumi\/pulumi is not installed for the program in .*: run `npm ci` there/);
});

const noProc = !existsSync("/proc/self/environ") && "needs /proc";
test("an engine that is killed takes program, language host and providers with it", { skip: noProc }, async (t) => {
  const withProviders = await toolbox("engine", "language host", "provider random", "provider docker");
  const stack = await project(
    withProviders,
    `import * as random from "@pulumi/random";
     import * as docker from "@pulumi/docker";
     const id = new random.RandomId("id", { byteLength: 4 });
     new docker.Provider("docker", { host: "unix:///tmp/nothing-is-here" });
     id.hex.apply(() => { console.log("waiting"); setInterval(() => undefined, 1_000); });`,
  );
  t.after(stack.remove);
  const env = { ...process.env, ...stack.env };
  const engine = spawn("pulumi", ["up", "--yes", "--skip-preview", "--non-interactive"], { cwd: stack.folder, env });
  await new Promise<void>((seen) => {
    engine.stdout.on("data", (text: Buffer) => {
      if (text.includes("waiting")) seen();
    });
  });
  const alive = processesOf(stack.folder);
  assert.ok(alive.length >= 4, `engine, program, language host and a provider; there are ${alive.join()}`);
  engine.kill("SIGKILL");
  await sleep(4_000);
  assert.deepEqual(processesOf(stack.folder), []);
});

/** The commands of processes with this folder in their environment. */
function processesOf(folder: string): string[] {
  return globSync("/proc/[0-9]*/environ").flatMap((file) => {
    try {
      return readFileSync(file, "utf8").includes(folder) ? [readFileSync(file.replace("environ", "comm"), "utf8")] : [];
    } catch {
      return []; // ended meanwhile
    }
  });
}
