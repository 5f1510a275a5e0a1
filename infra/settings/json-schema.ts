import { z } from "zod";
import { settingsSchema } from "./settings-schema.ts";

const PREFIX = "wsgi-on-aws:";

/** JSON Schema of a stack's file, made from the settings: editors complete and check `stacks/Pulumi.<stack>.yaml` with it. */
export function stackFileSchema() {
  const [settings] = settingsSchema.options.map((option) => z.toJSONSchema(option, { io: "input" }));
  const { properties = {}, required = [] } = settings ?? {};
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "Stack file of wsgi-on-aws",
    type: "object",
    properties: {
      config: {
        type: "object",
        properties: Object.fromEntries(Object.entries(properties).map(([key, value]) => [PREFIX + key, value])),
        required: required.map((key) => PREFIX + key),
        // Keys of other namespaces, as aws:region, belong to their providers.
        patternProperties: { [`^(?!${PREFIX})`]: {} },
        additionalProperties: false,
      },
    },
  };
}

/** One row of docs/settings.md for each setting. */
export function settingsTable(): string {
  const [settings] = settingsSchema.options.map((option) => z.toJSONSchema(option, { io: "input" }));
  const rows = Object.entries(settings?.properties ?? {}).map(([key, property]) => {
    const {
      description = "",
      default: fallback,
      enum: choices,
    } = property as { description?: string; default?: unknown; enum?: string[] };
    const values = choices ? ` One of ${choices.map((choice) => `\`${choice}\``).join(", ")}.` : "";
    const value = fallback === undefined ? "" : `\`${JSON.stringify(fallback)}\``;
    return `| \`${key}\` | ${value} | ${description}${values} |`;
  });
  return ["| setting | default | meaning |", "| --- | --- | --- |", ...rows].join("\n");
}
