import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { declarations } from "./declared-shapes.ts";
import type { Shape, Shapes } from "./declared-shapes.ts";
import { origin, root, toolbox } from "./toolbox.ts";

const box = await toolbox("provider docker");
const folder = origin(box, "provider docker").replace(/ \(.*/, "");
const skip = !folder.startsWith(".local/tools/") && "the provider is Pulumi's own here";

function served(): Record<string, Shapes> {
  const text = execFileSync(join(root, folder, "pulumi-resource-docker"), ["names"], { encoding: "utf8" });
  return JSON.parse(text) as Record<string, Shapes>; // our own program's answer; a wrong shape fails the comparison
}

test("the docker provider serves what @pulumi/docker declares", { skip }, () => {
  const declared = declarations(join(root, "node_modules/@pulumi/docker"));
  const differences: string[] = [];
  let compared = 0;

  const compare = (path: string, want: Shape, got: Shape | undefined, asInput: boolean): void => {
    compared += 1;
    if (got === undefined) differences.push(`${path}: declared, not served`);
    else if (want.type !== got.type) differences.push(`${path}: ${want.type} declared, ${got.type} served`);
    else if (asInput && want.required !== undefined && want.required !== (got.required ?? false))
      differences.push(`${path}: required is ${want.required} declared, ${got.required ?? false} served`);
    else if (want.elem !== undefined) compare(`${path}[]`, want.elem, got.elem, asInput);
    else if (want.fields !== undefined) compareAll(path, want.fields, got.fields ?? {}, asInput);
  };
  const compareAll = (path: string, want: Shapes, got: Shapes, asInput: boolean): void => {
    for (const [name, shape] of Object.entries(want)) compare(`${path}.${name}`, shape, got[name], asInput);
    for (const name of Object.keys(got)) if (!(name in want)) differences.push(`${path}.${name}: served, not declared`);
  };

  const all = served();
  for (const [token, got] of Object.entries(all)) {
    const name = token.split(":").at(-1) ?? token;
    const { inputs, outputs } = declared(token);
    const settable = Object.fromEntries(Object.entries(got).filter(([, { input }]) => input));
    compareAll(`${name}Args`, inputs, settable, true);
    if (token !== "provider") compareAll(name, withoutId(outputs), withoutId(got), false);
  }

  const resources = Object.keys(all).filter((token) => !token.includes(":get") && token !== "provider");
  assert.equal(resources.length, 11, "docker.Image is the twelfth, and our own");
  assert.ok(compared > 1000, `only ${compared} compared`);
  assert.deepEqual(differences, []);
});

/** The engine gives everything an id; Terraform names some of them. */
function withoutId(shapes: Shapes): Shapes {
  return Object.fromEntries(Object.entries(shapes).filter(([name]) => name !== "id"));
}
