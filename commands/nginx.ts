import { siteText } from "../components/nginx/index.ts";
import { projectOf } from "../infra/project.ts";
import { parseSettings } from "../infra/settings.ts";
import { siteOf } from "../infra/site.ts";
import { main, options, parse } from "./lib/command.ts";
import { readStackFile } from "./lib/stack-file.ts";

const USAGE = "npm run -s nginx -- --stack <name> [--set key=value …]";

await main(() => {
  const { values } = parse(USAGE, { stack: options.stack, set: options.set });
  const settings = parseSettings(readStackFile(values.stack, values.set).raw);
  process.stdout.write(siteText(siteOf(settings, projectOf(settings))));
  return Promise.resolve(0);
});
