import { settingsTables, stackFileSchema } from "../infra/settings/json-schema.ts";
import { main, parse } from "./lib/command.ts";
import { generate } from "./lib/generated.ts";

const USAGE = "npm run schema [-- --check]";
const HEADING = `# Settings

Made by \`npm run schema\` from infra/settings/. A setting stands in \`stacks/Pulumi.<stack>.yaml\` under \`config:\` with
the prefix \`wsgi-on-aws:\`, or behind \`--set\` for one run: \`npm start -- --set port=8081\`.

**On docker all visitors are one client.** The port is on 127.0.0.1: whoever comes from elsewhere comes through a proxy or tunnel on this
machine, and nginx trusts no forwarded header, so it sees one address. \`rateLimit\`, \`allow\`, \`deny\`, \`refresh\`,
\`maintenance.allow\` and \`balancing.method: client\` treat all of them alike. On ecs nginx sees each visitor's own.

`;

/** Writes what is made from the settings; `--check` only says whether it is up to date. */
await main(() => {
  const { values } = parse(USAGE, { check: { type: "boolean", default: false } });
  const made = {
    "stacks/settings.schema.json": `${JSON.stringify(stackFileSchema(), undefined, 2)}\n`,
    "docs/settings.md": `${HEADING}${settingsTables()}\n`,
  };
  return Promise.resolve(generate(made, "npm run schema", values.check));
});
