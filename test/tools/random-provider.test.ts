import assert from "node:assert/strict";
import { test } from "node:test";
import { project, toolbox } from "./toolbox.ts";

const program = (keeper: string, length = 24): string => `
  import * as random from "@pulumi/random";
  const password = new random.RandomPassword("password", {
    length: ${length}, special: true, overrideSpecial: "_", minSpecial: 3, minNumeric: 4, upper: false, keepers: { version: "${keeper}" },
  });
  const id = new random.RandomId("id", { byteLength: 4, prefix: "p-" });
  export const result = password.result;
  export const [hex, dec, b64Url, b64Std] = [id.hex, id.dec, id.b64Url, id.b64Std];
`;

test("the random provider through the engine", async (t) => {
  const stack = await project(await toolbox("engine", "language host", "provider random"), program("1"));
  t.after(stack.remove);
  const up = ["up", "--yes", "--skip-preview"] as const;
  const outputs = async (): Promise<Record<string, string>> => {
    const { text } = await stack.pulumi("stack", "output", "--json", "--show-secrets");
    const parsed: unknown = JSON.parse(text);
    assert.ok(typeof parsed === "object" && parsed !== null);
    return Object.fromEntries(Object.entries(parsed).map(([name, value]) => [name, String(value)]));
  };
  let first: Record<string, string> = {};

  await t.test("makes a password by its rules, and keeps it secret", async () => {
    const { code, text } = await stack.pulumi(...up);
    assert.equal(code, 0, text);
    assert.match(text, /\+ 3 created/);
    assert.match(text, /result: \[secret\]/);
    first = await outputs();
    const password = first["result"] ?? "";
    assert.match(password, /^[a-z0-9_]{24}$/);
    assert.ok((password.match(/_/g) ?? []).length >= 3 && (password.match(/\d/g) ?? []).length >= 4, password);
    assert.ok(!(await stack.pulumi("stack", "export")).text.includes(password), "the state has the password in plain");
  });

  await t.test("gives one id in four notations", () => {
    const hex = /^p-([0-9a-f]{8})$/.exec(first["hex"] ?? "")?.[1] ?? "";
    const bytes = Buffer.from(hex, "hex");
    assert.equal(bytes.length, 4);
    assert.equal(first["dec"], `p-${bytes.readUInt32BE()}`);
    assert.equal(first["b64Url"], `p-${bytes.toString("base64url")}`);
    assert.equal(first["b64Std"], `p-${bytes.toString("base64")}`);
  });

  await t.test("changes nothing in the second up, nor after a refresh", async () => {
    for (const args of [[...up], ["refresh", "--yes", "--skip-preview"], ["preview", "--expect-no-changes"]]) {
      const { code, text } = await stack.pulumi(...args);
      assert.equal(code, 0, text);
      assert.match(text, /\n {4}3 unchanged\n/);
      assert.doesNotMatch(text, /from \$PATH/);
    }
    assert.deepEqual(await outputs(), first);
  });

  await t.test("replaces when a keeper or the length changes", async () => {
    for (const [text, changed] of [
      [program("2"), "keepers"],
      [program("2", 30), "length"],
    ] as const) {
      stack.write("index.ts", text);
      const answer = await stack.pulumi(...up);
      assert.match(answer.text, /\+-1 replaced/);
      assert.match(answer.text, new RegExp(`diff: ~${changed}`));
    }
    const now = await outputs();
    assert.equal(now["result"]?.length, 30);
    assert.equal(now["hex"], first["hex"]);
  });

  await t.test("refuses rules that cannot be met, by property", async () => {
    stack.write("index.ts", program("2", 6));
    const { code, text } = await stack.pulumi("preview");
    assert.notEqual(code, 0);
    assert.match(text, /length.*must be 7 or more/s);
  });

  await t.test("leaves nothing after destroy", async () => {
    const { text } = await stack.pulumi("destroy", "--yes", "--skip-preview");
    assert.match(text, /- 3 deleted/);
    assert.doesNotMatch((await stack.pulumi("stack", "export")).text, /"resources":/);
  });
});
