import { existsSync, writeFileSync } from "node:fs";
import { createInterface } from "node:readline/promises";
import { stringify } from "yaml";
import { UserError, type Problem } from "../components/shared/user-error.ts";
import { precheck } from "../infra/precheck.ts";
import { awsConfig, parseSettings } from "../infra/settings.ts";
import { inRoot, main, options, parse } from "./lib/command.ts";
import { assignments } from "./lib/stack-file.ts";

const USAGE = "npm run new -- --stack <name> [--region <region>] [--set key=value …]";

interface Question {
  readonly key: string;
  readonly text: string;
  /** Taken when the answer is empty; a question without one may be left open. */
  readonly suggestion?: string;
}

/** The settings that are enough; the region is Pulumi's own key. */
const QUESTIONS: readonly Question[] = [
  { key: "projectDir", text: "Folder of your Django project, absolute or relative to here", suggestion: "app" },
  { key: "wsgiModule", text: "Its WSGI module", suggestion: "site_config.wsgi" },
  { key: "domain", text: "Domain of the site, as shop.example.com" },
  { key: "zone", text: "Route 53 zone of the domain (empty: your DNS is elsewhere)" },
  { key: "profile", text: "dev (cheap, goes away without a trace) or prod (two zones, protected)", suggestion: "dev" },
];
const REGION: Question = { key: "region", text: "AWS region", suggestion: "eu-central-1" };

const next = (stack: string) => `
Next:
  npm run -s plan -- --stack ${stack}       every resource, without an account
  pulumi login                        Pulumi Cloud, or a bucket of your own: docs/aws.md
  pulumi stack init ${stack}                where its secrets are encrypted: docs/aws.md
  pulumi preview --stack ${stack}
  pulumi up --stack ${stack}
`;

await main(async () => {
  const { values } = parse(USAGE, { stack: { type: "string" }, region: { type: "string" }, set: options.set });
  const { stack } = values;
  if (stack === undefined || !/^[a-z][a-z0-9-]{0,30}$/.test(stack)) {
    const what = stack === undefined ? "is missing." : `"${stack}" is not a name for a stack.`;
    const remedy = "Write --stack and a name of lower-case letters, digits and hyphens, at most 31, as --stack shop.";
    throw new UserError([{ where: "--stack", what, remedy }]);
  }
  const file = `stacks/Pulumi.${stack}.yaml`;
  if (existsSync(inRoot(file))) {
    throw new UserError([{ where: file, what: "exists already.", remedy: "Choose another name, or edit it." }]);
  }

  const given = assignments(values.set);
  const answers = await answer(given, values.region);
  const { region, ...own } = answers;
  const config = {
    "aws:region": region,
    ...Object.fromEntries(Object.entries(own).map(([key, value]) => [`wsgi-on-aws:${key}`, value])),
  };
  check(config, own);

  const heading = "# yaml-language-server: $schema=./settings.schema.json\n";
  writeFileSync(inRoot(file), heading + stringify({ config }));
  console.log(`${file} written.\n${next(stack)}`);
  return 0;
});

/** What the command line does not say is asked on a terminal; without one, suggestions are taken. */
async function answer(given: Readonly<Record<string, unknown>>, region?: string): Promise<Record<string, unknown>> {
  const answers: Record<string, unknown> = { ...(region !== undefined && { region }), ...given };
  const open = [REGION, ...QUESTIONS].filter(({ key }) => !(key in answers));
  const known = "certificateArn" in given ? open.filter(({ key }) => key !== "zone") : open;
  const terminal = process.stdin.isTTY ? createInterface({ input: process.stdin, output: process.stdout }) : undefined;
  try {
    for (const { key, text, suggestion } of known) {
      const shown = suggestion === undefined ? `${text}: ` : `${text} [${suggestion}]: `;
      const said = terminal ? (await terminal.question(shown)).trim() : "";
      const value = said === "" ? suggestion : said;
      if (value !== undefined) answers[key] = value;
    }
  } finally {
    terminal?.close();
  }
  return answers;
}

/** Everything that can be found wrong without an account, at once. */
function check(config: Readonly<Record<string, unknown>>, own: Readonly<Record<string, unknown>>): void {
  const problems: Problem[] = [];
  for (const act of [
    () => {
      awsConfig(config);
    },
    () => {
      precheck(parseSettings(own));
    },
  ]) {
    try {
      act();
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      problems.push(...error.problems);
    }
  }
  if (problems.length) throw new UserError(problems);
}
