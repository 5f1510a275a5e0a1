import { closest } from "fastest-levenshtein";
import { z } from "zod";
import type { Problem } from "../../components/shared/user-error.ts";
import { HOSTS } from "./schema.ts";

type Host = keyof typeof HOSTS;

/** What the schema found, as problems that name the key and what to write. */
export function toProblems(issue: z.core.$ZodIssue, host: Host): Problem[] {
  const where = issue.path.map(String).join(".");
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({ where: where ? `${where}.${key}` : key, ...unknownKey(key, issue.path, host) }));
  }
  if (issue.code === "invalid_key") {
    return issue.issues.map(({ message }) => ({ where, ...split(message) }));
  }
  return [{ where, ...split(issue.message) }];
}

function unknownKey(key: string, path: readonly PropertyKey[], host: Host): Pick<Problem, "what" | "remedy"> {
  const other = Object.entries(HOSTS).find(([, schema]) => path.length === 0 && key in schema.shape);
  if (other) {
    return { what: `is a setting of the host "${other[0]}", and this stack's is "${host}".`, remedy: "Leave it out." };
  }
  return { what: "is not a setting.", remedy: `Did you mean "${closest(key, keysAt(HOSTS[host], path))}"?` };
}

/** A message of the schema is "what. Write remedy." */
function split(message: string): Pick<Problem, "what" | "remedy"> {
  const at = message.lastIndexOf(" Write ");
  return at < 0 ? { what: message, remedy: "" } : { what: message.slice(0, at), remedy: message.slice(at + 1) };
}

/** The keys that the schema knows at a path, looking through defaults, options and records. */
function keysAt(schema: z.core.$ZodType, path: readonly PropertyKey[]): string[] {
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault || schema instanceof z.ZodOptional) {
    return keysAt(schema.unwrap(), path);
  }
  const [head, ...rest] = path;
  if (schema instanceof z.ZodRecord) return keysAt(schema.valueType, rest);
  if (!(schema instanceof z.ZodObject)) return [];
  if (head === undefined) return Object.keys(schema.shape);
  const child: unknown = schema.shape[String(head)];
  return child instanceof z.ZodType ? keysAt(child, rest) : [];
}
