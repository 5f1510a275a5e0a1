import { isDeepStrictEqual } from "node:util";
import { isUnknown } from "../provider-values.ts";

/**
 * What is known of a value in a preview: unknown parts of an object are absent, and a list with an unknown item is absent as
 * a whole, for nobody knows how long it will be.
 */
export function known(value: unknown): unknown {
  if (Array.isArray(value)) {
    const items = value.map(known);
    return items.includes(undefined) ? undefined : items;
  }
  if (typeof value !== "object" || value === null) return isUnknown(value ?? null) ? undefined : value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, inner]) => [key, known(inner)])
      .filter(([, inner]) => inner !== undefined),
  );
}

/** Whether two inputs mean the same to AWS: the order of keys and of lists of plain values, and JSON's white space, say nothing. */
export const same = (one: unknown, other: unknown): boolean => isDeepStrictEqual(canonical(one), canonical(other));

function canonical(value: unknown): unknown {
  if (typeof value === "string") return fromJson(value);
  if (Array.isArray(value)) {
    const items = value.map(canonical);
    return items.every((item) => typeof item === "string") ? items.toSorted() : items;
  }
  if (typeof value !== "object" || value === null) return value ?? undefined;
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, inner]): [string, unknown] => [key, canonical(inner)])
      .filter(([, inner]) => inner !== undefined),
  );
}

/** Policies and container definitions are JSON inside of a text; anything else stays as it is. */
function fromJson(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return text;
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === "object" ? canonicalJson(parsed) : text;
  } catch {
    return text;
  }
}

/** The order of a JSON list counts: commands and conditions are lists. */
function canonicalJson(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonicalJson);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, canonicalJson(inner)]));
}
