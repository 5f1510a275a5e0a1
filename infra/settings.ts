import * as pulumi from "@pulumi/pulumi";
import { UserError } from "../components/shared/user-error.ts";
import { crossChecks } from "./settings/checks.ts";
import type { DockerSettings } from "./settings/docker.ts";
import { completeEcs, type EcsSettings } from "./settings/ecs.ts";
import { toProblems } from "./settings/messages.ts";
import { withPair } from "./settings/pairs.ts";
import { settingsSchema, type Settings } from "./settings/schema.ts";

export type { DockerSettings, EcsSettings, Settings };

const PROJECT = "wsgi-on-aws";

/** The configuration of the stack that the engine runs, each key with its namespace. */
export const readConfig = (): Readonly<Record<string, string>> => pulumi.runtime.allConfig();

/** What the AWS provider is told beside its credentials. */
export interface AwsConfig {
  readonly region: string;
  readonly profile?: string;
}

/**
 * The keys of the AWS provider.
 * @throws UserError when the region is missing
 */
export function awsConfig(config: Readonly<Record<string, unknown>>): AwsConfig {
  const { "aws:region": region, "aws:profile": profile } = config;
  if (typeof region !== "string" || !/^[a-z]{2}(-[a-z]+)+-\d$/.test(region)) {
    const what = region === undefined ? "is missing." : `${JSON.stringify(region)} is not a region of AWS.`;
    throw new UserError([{ where: "aws:region", what, remedy: 'Write a region such as "eu-central-1".' }]);
  }
  return { region, ...(typeof profile === "string" && { profile }) };
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
export function parseSettings(given: Readonly<Record<string, unknown>>): Settings {
  const { raw, host, problems: ofPair } = withPair(given);
  const parsed = settingsSchema.safeParse(raw);
  const settings = parsed.data && (parsed.data.host === "ecs" ? completeEcs(parsed.data) : parsed.data);
  const problems = [
    ...ofPair,
    ...(parsed.error?.issues ?? []).flatMap((issue) => toProblems(issue, host)),
    ...(settings ? crossChecks(settings) : []),
  ];
  if (problems.length || !settings) throw new UserError(problems);
  return settings;
}
