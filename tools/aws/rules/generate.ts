/**
 * Writes rules.json: names, types and required inputs from the declaration files of `@pulumi/aws`, limits from the resource
 * schemas of CloudFormation that cfn-lint carries, and, where those are silent, from the declaration's own sentence.
 *
 *     pip download --no-deps cfn-lint && python3 -m zipfile -e cfn_lint-*.whl wheel
 *     node tools/aws/rules/generate.ts wheel/cfnlint/data/schemas
 */
import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { RECORDS } from "../records/index.ts";
import { MORE, PROPERTIES, TYPES } from "./aliases.ts";
import { childrenOf, CloudFormation, matching, resolved, type Schema } from "./cloudformation.ts";
import { Declarations, type Declared } from "./declarations.ts";
import type { Rule, Rules } from "./rule.ts";
import { said } from "./sentences.ts";

const [schemas] = process.argv.slice(2);
if (schemas === undefined) throw new Error("Name the folder cfnlint/data/schemas of the unpacked wheel.");
const declarations = new Declarations(dirname(fileURLToPath(import.meta.resolve("@pulumi/aws/package.json"))));
const cloudFormation = new CloudFormation(schemas);

function rulesOf(token: string): Rules {
  const [, path = "", name = ""] = token.split(":");
  const root = cloudFormation.of(TYPES[token] ?? `AWS::${path.split("/")[0] ?? ""}::${name}`) ?? {};
  const aliases = PROPERTIES[token] ?? {};

  const find = (declared: Declared, at: string, children: Readonly<Record<string, Schema>>): Schema | undefined => {
    const alias = aliases[at];
    if (alias !== undefined)
      return alias
        .split(".")
        .reduce<Schema | undefined>((schema, step) => schema && childrenOf(schema, root)[step], root);
    return children[matching(declared.name, name, children) ?? ""];
  };
  const level = (inputs: readonly Declared[], prefix: string, children: Readonly<Record<string, Schema>>): Rules =>
    Object.fromEntries(
      inputs.map((declared) => {
        const at = prefix + declared.name;
        const schema = find(declared, at, children);
        const found = limits(declared, schema && resolved(schema, root), root);
        const more = MORE[token]?.[at];
        const rule = { ...shape(declared), ...found, ...(more && { enum: [...more, ...(found.enum ?? [])] }) };
        if (declared.properties === undefined) return [declared.name, rule];
        return [
          declared.name,
          { ...rule, properties: level(declared.properties, `${at}.`, schema ? childrenOf(schema, root) : {}) },
        ];
      }),
    );
  const rules = level(declarations.of(token), "", childrenOf(root, root));
  const containers = childrenOf(root, root)["ContainerDefinitions"];
  if (containers === undefined) return rules;
  return { ...rules, containerDefinitions: { ...rules["containerDefinitions"], json: jsonRules(containers, root) } };
}

const shape = ({ required, list, type }: Declared): Rule => ({
  ...(required && { required: true }),
  ...(type && { type }),
  ...(list && { list: true }),
});

/** The schema's limits, on the list and on its items; those of another kind of value, such as digits in a text, say nothing. */
function limits(declared: Declared, schema: Schema | undefined, root: Schema): Rule {
  const found = schema ?? {};
  const value = found.items ? resolved(found.items, root) : found;
  const { minItems, maxItems } = found;
  const ofList = declared.list ? { minItems, maxItems } : {};
  const ofValue =
    declared.type === "string"
      ? {
          enum: texts(value.enum),
          pattern: usable(value.pattern),
          minLength: value.minLength,
          maxLength: value.maxLength,
        }
      : declared.type === "number"
        ? { enum: value.enum?.map(Number), minimum: value.minimum, maximum: value.maximum }
        : {};
  return { ...said(declared), ...known({ ...ofList, ...ofValue }) };
}

const texts = (values: Schema["enum"]) => values?.map(String);
const known = (rule: object): Rule =>
  Object.fromEntries(Object.entries(rule).filter(([, value]) => value !== undefined));

function usable(pattern: string | undefined): string | undefined {
  try {
    return pattern === undefined ? undefined : new RegExp(pattern, "u").source;
  } catch {
    return undefined; // not in JavaScript's grammar
  }
}

/** Inside of JSON, ECS writes CloudFormation's names with a small letter in front. */
function jsonRules(schema: Schema, root: Schema, depth = 0): Rules {
  const { required = [] } = resolved(resolved(schema, root).items ?? schema, root);
  const children = Object.entries(childrenOf(schema, root));
  return Object.fromEntries(
    children.map(([name, child]) => {
      const found = resolved(child, root);
      const item = found.items ? resolved(found.items, root) : found;
      const type = item.type === "integer" || item.type === "number" ? "number" : item.type;
      const declared: Declared = {
        name,
        required: required.includes(name),
        list: found.items !== undefined,
        ...((type === "string" || type === "number" || type === "boolean") && { type }),
        documentation: "",
      };
      const nested = item.properties && depth < 4 ? { properties: jsonRules(found, root, depth + 1) } : {};
      return [
        name.charAt(0).toLowerCase() + name.slice(1),
        { ...shape(declared), ...limits(declared, found, root), ...nested },
      ];
    }),
  );
}

const all = Object.keys(RECORDS)
  .sort()
  .map((token) => [token, rulesOf(token)] as const);
writeFileSync(join(import.meta.dirname, "rules.json"), `${JSON.stringify(Object.fromEntries(all), undefined, 1)}\n`);
