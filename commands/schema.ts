import { readFileSync, writeFileSync } from "node:fs";
import { settingsTables, stackFileSchema } from "../infra/settings/json-schema.ts";
import { inRoot, main, parse } from "./lib/command.ts";

const USAGE = "npm run schema [-- --check]";
const HEADING = `# Settings

Made by \`npm run schema\` from infra/settings/. A setting stands in \`stacks/Pulumi.<stack>.yaml\` under \`config:\` with
the prefix \`wsgi-on-aws:\`, or behind \`--set\` for one run: \`npm start -- --set port=8081\`.

`;

/** Writes what is made from the settings; `--check` only says whether it is up to date. */
await main(() => {
  const { values } = parse(USAGE, { check: { type: "boolean", default: false } });
  const made = {
    "stacks/settings.schema.json": `${JSON.stringify(stackFileSchema(), undefined, 2)}\n`,
    "docs/settings.md": `${HEADING}${settingsTables()}\n`,
  };
  const stale = Object.entries(made).filter(
    ([file, text]) => readFileSync(inRoot(file), { encoding: "utf8", flag: "a+" }) !== text,
  );
  for (const [file, text] of stale) {
    if (!values.check) writeFileSync(inRoot(file), text);
    console.log(`${file} ${values.check ? "is not up to date: npm run schema" : "written"}`);
  }
  return Promise.resolve(values.check && stale.length ? 1 : 0);
});
