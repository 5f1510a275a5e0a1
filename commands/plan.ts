import { deploy } from "../infra/deploy.ts";
import { parseSettings } from "../infra/settings.ts";
import { main, options, parse } from "./lib/command.ts";
import { evaluate } from "./lib/recorder.ts";
import { readStackFile } from "./lib/stack-file.ts";

const USAGE = "npm run -s plan -- --stack <name> [--set key=value …] [--json]";

await main(async () => {
  const { values } = parse(USAGE, options);
  const { raw, config } = readStackFile(values.stack, values.set);
  const settings = parseSettings(raw);
  // A plan needs no secret: whoever reads it may not have any.
  const masked = (references: object) => Object.fromEntries(Object.keys(references).map((name) => [name, "masked"]));
  const { resources, outputs } = await evaluate("wsgi-on-aws", values.stack, () => deploy(settings, config, masked));

  if (values.json) {
    console.log(JSON.stringify({ stack: values.stack, settings, resources, outputs }, undefined, 2));
  } else {
    for (const { type, name } of resources) console.log(`${type}  ${name}`);
    console.log(`${resources.length} resources`);
  }
  return 0;
});
