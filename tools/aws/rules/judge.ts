import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isUnknown } from "../../provider-values.ts";
import { asText, type Finding } from "../record.ts";
import type { Properties } from "../world.ts";
import type { Rule, Rules } from "./rule.ts";

/** Rules of each resource type, written by generate.ts. */
export const RULES = JSON.parse(readFileSync(join(import.meta.dirname, "rules.json"), "utf8")) as Readonly<
  Record<string, Rules>
>;

/** Every input that the published schemas refuse; what is not known yet is passed over. */
export function againstRules(type: string, inputs: Properties): Finding[] {
  const rules = RULES[type];
  if (rules === undefined) throw new Error(`rules.json has nothing about ${type}: run tools/aws/rules/generate.ts`);
  return object(rules, inputs, "");
}

const wrong = (property: string, what: string): Finding => ({
  property,
  reason: `ValidationError: ${property} ${what}`,
});

function object(rules: Rules, value: Properties, prefix: string): Finding[] {
  const names = Object.keys(value).filter((name) => !name.startsWith("__") && value[name] !== undefined);
  const unknown = names.filter((name) => !(name in rules)).map((name) => wrong(prefix + name, "is no property of it"));
  const missing = Object.entries(rules)
    .filter(([name, rule]) => rule.required && (value[name] ?? undefined) === undefined)
    .map(([name]) => wrong(prefix + name, "is required"));
  return [...unknown, ...missing, ...names.flatMap((name) => judged(rules[name] ?? {}, value[name], prefix + name))];
}

function judged(rule: Rule, value: unknown, at: string): Finding[] {
  if (isOpen(value)) return [];
  if (rule.json && typeof value === "string") return json(rule.json, value, at);
  if (!rule.list) return one(rule, value, at);
  if (!Array.isArray(value)) return [wrong(at, "is a list")];
  const count = outside(value.length, rule.minItems, rule.maxItems);
  const items = value.flatMap((item, index) => (isOpen(item) ? [] : one(rule, item, `${at}[${index}]`)));
  return count === undefined ? items : [wrong(at, `has ${value.length} items, ${count}`), ...items];
}

/** Absent, or known only later; an object is looked into. */
const isOpen = (value: unknown): boolean => value === null || (typeof value !== "object" && isUnknown(value));

function one(rule: Rule, value: unknown, at: string): Finding[] {
  if (rule.properties) {
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    return isObject ? object(rule.properties, value as Properties, `${at}.`) : [wrong(at, "is an object")];
  }
  if (rule.type === undefined) return [];
  const reason = scalar(rule, value);
  return reason === undefined ? [] : [wrong(at, reason)];
}

/** A number may be written as text, and a text as a number: the engine's bridge turns one into the other. */
function scalar({ type, ...rule }: Rule, value: unknown): string | undefined {
  if (typeof value === "object") return `is a ${type ?? ""}`;
  const text = asText(value);
  if (rule.enum && !rule.enum.map(String).includes(text)) return `${text} is not one of ${rule.enum.join(", ")}`;
  if (type === "number") {
    const range = Number.isNaN(Number(value)) ? "no number" : outside(Number(value), rule.minimum, rule.maximum);
    return range && `is ${text}, ${range}`;
  }
  if (rule.pattern !== undefined && !new RegExp(rule.pattern, "u").test(text))
    return `${text} does not match ${rule.pattern}`;
  const length = outside(text.length, rule.minLength, rule.maxLength);
  return length && `has ${text.length} characters, ${length}`;
}

function outside(value: number, least = -Infinity, most = Infinity): string | undefined {
  return value >= least && value <= most ? undefined : `not between ${least} and ${most}`;
}

function json(rules: Rules, text: string, at: string): Finding[] {
  let containers: unknown;
  try {
    containers = JSON.parse(text);
  } catch {
    return [wrong(at, "is not JSON")];
  }
  return judged({ list: true, properties: rules }, containers, at);
}
