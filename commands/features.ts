import { readFileSync } from "node:fs";
import { FEATURES } from "../test/features/features.ts";
import { inRoot, main, options, parse } from "./lib/command.ts";
import { generate } from "./lib/generated.ts";

const USAGE = "npm run -s features [-- --json | --write | --check]";

const HEADING = `# Features

Made by \`npm run features -- --write\`. Each row is an ability, the settings that decide it ([settings.md](settings.md)), the directives
that it becomes, and the test that proves it over HTTP, with the real nginx, Gunicorn and Django. The same test takes single lines away
from nginx.conf, and fails if nobody notices.

`;

const code = (words: readonly string[]) => words.map((word) => `\`${word}\``).join(" ");

const table = [
  "| feature | settings | directives | proven by |",
  "| --- | --- | --- | --- |",
  ...FEATURES.map(
    ({ feature, settings, directives, test }) =>
      `| ${feature} | ${code(settings)} | ${code(directives)} | ${code([test])} |`,
  ),
].join("\n");

/** For the README, what stands before a colon is one row. */
const short = [...Map.groupBy(FEATURES, ({ feature }) => feature.split(":")[0] ?? feature)]
  .reduce(
    (rows, [name, features]) => [
      ...rows,
      `| ${name} | ${code([...new Set(features.flatMap(({ settings }) => settings))])} |`,
    ],
    ["| it can | by the settings |", "| --- | --- |"],
  )
  .join("\n");

const BETWEEN = /(<!-- features: npm run features -- --write -->\n)[\s\S]*?(<!-- end of features -->)/;

await main(() => {
  const flag = { type: "boolean", default: false } as const;
  const { values } = parse(USAGE, { json: options.json, write: flag, check: flag });
  if (!values.write && !values.check) {
    console.log(values.json ? JSON.stringify(FEATURES, undefined, 2) : table);
    return Promise.resolve(0);
  }
  const readme = readFileSync(inRoot("README.md"), "utf8");
  const made = {
    "README.md": readme.replace(BETWEEN, (_, begin: string, end: string) => `${begin}\n${short}\n\n${end}`),
    "docs/features.md": `${HEADING}${table}\n`,
  };
  return Promise.resolve(generate(made, "npm run features -- --write", values.check));
});
