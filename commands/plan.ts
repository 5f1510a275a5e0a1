import { deploy } from "../infra/deploy.ts";
import { maskedSecrets } from "../infra/secrets.ts";
import { parseSettings } from "../infra/settings.ts";
import { main, options, parse } from "./lib/command.ts";
import { evaluate } from "./lib/recorder.ts";
import { readStackFile } from "./lib/stack-file.ts";

const USAGE = "npm run -s plan -- --stack <name> [--set key=value …] [--json]";

await main(async () => {
  const { values } = parse(USAGE, options);
  const { raw, config } = readStackFile(values.stack, values.set);
  const settings = parseSettings(raw);
  const { resources, outputs } = await evaluate("wsgi-on-aws", values.stack, () =>
    deploy(settings, config, maskedSecrets),
  );

  if (values.json) {
    console.log(JSON.stringify({ stack: values.stack, settings, resources, outputs }, undefined, 2));
  } else {
    for (const { type, name } of resources) console.log(`${type}  ${name}`);
    console.log(`${resources.length} resources`);
  }
  return 0;
});
