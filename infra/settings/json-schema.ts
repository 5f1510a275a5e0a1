import { z } from "zod";
import { common } from "./common.ts";
import { HOSTS } from "./schema.ts";

const PREFIX = "wsgi-on-aws:";

/** Keys that a stack's file may leave out: each host has one edge, and a file without a host is one for ECS. */
const IMPLIED: Readonly<Record<string, readonly string[]>> = { docker: ["edge"], ecs: ["host", "edge"] };

interface Property {
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly string[];
  readonly properties?: Readonly<Record<string, Property>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Property | boolean;
  readonly anyOf?: readonly Property[];
}

const schemas = Object.entries(HOSTS).map(([host, schema]) => {
  const { properties = {}, required = [] } = z.toJSONSchema(schema, { io: "input" });
  const needed = required.filter((key) => !IMPLIED[host]?.includes(key));
  return { host, properties: properties as Readonly<Record<string, Property>>, required: needed };
});

/** JSON Schema of a stack's file, made from the settings: editors complete and check `stacks/Pulumi.<stack>.yaml` with it. */
export function stackFileSchema() {
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "Stack file of wsgi-on-aws",
    type: "object",
    properties: {
      config: {
        anyOf: schemas.map(({ host, properties, required }) => ({
          title: `a stack on ${host}`,
          type: "object",
          properties: Object.fromEntries(Object.entries(properties).map(([key, value]) => [PREFIX + key, value])),
          required: required.map((key) => PREFIX + key),
          // Keys of other namespaces, as aws:region, belong to their providers.
          patternProperties: { [`^(?!${PREFIX})`]: {} },
          additionalProperties: false,
        })),
      },
    },
  };
}

/** One row of docs/settings.md for each setting: those of every host, then those of each. */
export function settingsTables(): string {
  const [first] = schemas;
  return [
    ...(first ? [["## Every host", table(first, (key) => key in common)]] : []),
    ...schemas.map((schema) => [`## Host \`${schema.host}\``, table(schema, (key) => !(key in common))]),
  ]
    .map((section) => section.join("\n\n"))
    .join("\n\n");
}

function table({ properties, required }: (typeof schemas)[number], shown: (key: string) => boolean): string {
  return [
    "| setting | default | meaning |",
    "| --- | --- | --- |",
    ...Object.entries(properties).flatMap(([key, property]) =>
      shown(key) ? rows(key, property, required.includes(key)) : [],
    ),
  ].join("\n");
}

/** A setting, and below it those of its mapping. */
function rows(key: string, property: Property, required: boolean): string[] {
  const { description = "", default: fallback, enum: choices } = property;
  const nested = below(key, property);
  const values = choices ? ` One of ${choices.map((choice) => `\`${choice}\``).join(", ")}.` : "";
  const known = fallback === undefined || nested.length > 0 ? "" : `\`${JSON.stringify(fallback)}\``;
  return [`| \`${key}\` | ${required ? "required" : known} | ${description}${values} |`, ...nested];
}

/** The rows of a mapping's own names, of the rule that it has for each of many keys, and of what it may be instead. */
function below(key: string, { properties = {}, required = [], additionalProperties, anyOf = [] }: Property): string[] {
  return [
    ...Object.entries(properties).flatMap(([name, property]) =>
      rows(`${key}.${name}`, property, required.includes(name)),
    ),
    ...(typeof additionalProperties === "object" ? below(`${key}.<path>`, additionalProperties) : []),
    ...anyOf.flatMap((choice) => below(key, choice)),
  ];
}
