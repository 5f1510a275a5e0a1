import { z } from "zod";
import { common } from "./common.ts";
import { HOSTS } from "./schema.ts";

const PREFIX = "wsgi-on-aws:";

/** Keys that a stack on ECS may leave out, for they have one value. */
const IMPLIED = ["host", "edge"];

interface Property {
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly string[];
  readonly properties?: Readonly<Record<string, Property>>;
  readonly additionalProperties?: Property | boolean;
}

const schemas = Object.entries(HOSTS).map(([host, schema]) => {
  const { properties = {}, required = [] } = z.toJSONSchema(schema, { io: "input" });
  const needed = host === "ecs" ? required.filter((key) => !IMPLIED.includes(key)) : required;
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
  const everywhere = Object.entries(first?.properties ?? {}).filter(([key]) => key in common);
  return [
    ["## Every host", table(everywhere)],
    ...schemas.map(({ host, properties }) => {
      return [`## Host \`${host}\``, table(Object.entries(properties).filter(([key]) => !(key in common)))];
    }),
  ]
    .map((section) => section.join("\n\n"))
    .join("\n\n");
}

function table(settings: readonly (readonly [string, Property])[]): string {
  return [
    "| setting | default | meaning |",
    "| --- | --- | --- |",
    ...settings.flatMap(([key, property]) => rows(key, property)),
  ].join("\n");
}

/** A setting, and below it those of its mapping, if it has names of its own or is a rule for each of many keys. */
function rows(key: string, property: Property): string[] {
  const { description = "", default: fallback, enum: choices, properties, additionalProperties } = property;
  const nested = properties ? ([key, properties] as const) : ofEach(key, additionalProperties);
  const values = choices ? ` One of ${choices.map((choice) => `\`${choice}\``).join(", ")}.` : "";
  const value = fallback === undefined || nested !== undefined ? "" : `\`${JSON.stringify(fallback)}\``;
  return [
    `| \`${key}\` | ${value} | ${description}${values} |`,
    ...(nested ? Object.entries(nested[1]).flatMap(([name, inner]) => rows(`${nested[0]}.${name}`, inner)) : []),
  ];
}

const ofEach = (key: string, each: Property["additionalProperties"]) =>
  typeof each === "object" && each.properties ? ([`${key}.<path>`, each.properties] as const) : undefined;
