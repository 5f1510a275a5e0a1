import { closest } from "fastest-levenshtein";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { UserError, type Problem } from "../components/shared/user-error.ts";
import { crossChecks } from "./settings-checks.ts";
import { settingsSchema, type Settings } from "./settings-schema.ts";

export type { Settings };

const PROJECT = "wsgi-on-aws";

/** The settings of the stack that the engine runs. */
export function readSettings(): Settings {
  return parseSettings(fromPulumiConfig(pulumi.runtime.allConfig()));
}

/** Pulumi hands over every value as text, what was not text as JSON, each under `project:key`. */
export function fromPulumiConfig(config: Readonly<Record<string, string>>): Record<string, unknown> {
  const own = Object.entries(config).filter(([key]) => key.startsWith(`${PROJECT}:`));
  return Object.fromEntries(own.map(([key, value]) => [key.slice(PROJECT.length + 1), parseValue(value)]));
}

function parseValue(text: string): unknown {
  if (!/^(\{.*\}|\[.*\]|true|false|-?\d+(\.\d+)?)$/s.test(text)) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text; // "[::1" is a text that only looks like JSON: the schema says what it should have been
  }
}

/**
 * Checks raw settings and fills in the defaults.
 * @throws UserError with every problem at once
 */
export function parseSettings(raw: Readonly<Record<string, unknown>>): Settings {
  const notBuilt = plannedOrImpossible(raw);
  const parsed = settingsSchema.safeParse(notBuilt.length ? { ...raw, host: "docker", edge: "nginx" } : raw);
  const problems = [
    ...notBuilt,
    ...(parsed.error?.issues ?? []).flatMap(toProblems),
    ...(parsed.data ? crossChecks(parsed.data) : []),
  ];
  if (problems.length || !parsed.data) throw new UserError(problems);
  return parsed.data;
}

/** Hosts and edges by name: what is built, what is planned, and which pairs cannot be. */
function plannedOrImpossible(raw: Readonly<Record<string, unknown>>): Problem[] {
  const { host, edge } = raw;
  if (host === undefined || edge === undefined) {
    return (["host", "edge"] as const)
      .filter((key) => raw[key] === undefined)
      .map((where) => ({ where, what: "is missing.", remedy: `Write "${where === "host" ? "docker" : "nginx"}".` }));
  }
  if (host === "docker" && edge === "alb") {
    return [
      {
        where: "edge",
        what: '"alb" cannot stand before the host "docker": a load balancer of AWS does not reach this machine.',
        remedy: 'Write "nginx".',
      },
    ];
  }
  return [...refused("host", host, "docker", ["ecs", "ec2"]), ...refused("edge", edge, "nginx", ["alb"])];
}

function refused(where: string, value: unknown, built: string, planned: readonly string[]): Problem[] {
  if (value === built) return [];
  const isPlanned = planned.includes(String(value));
  const what = isPlanned
    ? `"${String(value)}" is planned and not built yet.`
    : `${JSON.stringify(value)} is not a ${where}.`;
  return [{ where, what, remedy: `Write "${built}".` }];
}

function toProblems(issue: z.core.$ZodIssue): Problem[] {
  const where = issue.path.map(String).join(".");
  if (issue.code === "unrecognized_keys") {
    const known = keysAt(settingsSchema.options[0], issue.path);
    return issue.keys.map((key) => ({
      where: where ? `${where}.${key}` : key,
      what: "is not a setting.",
      remedy: `Did you mean "${closest(key, known)}"?`,
    }));
  }
  if (issue.code === "invalid_key") {
    return issue.issues.map(({ message }) => ({ where, ...split(message) }));
  }
  return [{ where, ...split(issue.message) }];
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
