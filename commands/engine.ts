import { writeFileSync } from "node:fs";
import { UserError } from "../components/shared/user-error.ts";
import { parseSettings } from "../infra/settings.ts";
import { main, options, parse } from "./lib/command.ts";
import { useAwsTools } from "./lib/session.ts";
import { readStackFile } from "./lib/stack-file.ts";
import { seedFor, ThrowAwayStack } from "./lib/throw-away.ts";

const USAGE = "npm run -s engine -- --stack <name> [--out <file>] [--set key=value …]";

/** Deploys a stack of AWS by the real engine on the in-memory AWS, gates included, and throws it away. */
await main(async () => {
  const { values } = parse(USAGE, {
    stack: { ...options.stack, default: "dev" },
    set: options.set,
    out: { type: "string" },
  });
  const { stack, raw, config } = readStackFile(values.stack, values.set);
  const settings = parseSettings(raw);
  if (settings.host === "docker") {
    const what = `the stack "${stack}" runs on this machine.`;
    throw new UserError([{ where: "--stack", what, remedy: "Name a stack on AWS, as --stack dev." }]);
  }
  const tools = await useAwsTools();
  const begun = Date.now();
  const throwAway = await ThrowAwayStack.open(stack, config, seedFor(settings), tools);
  try {
    const { code, output } = await throwAway.up();
    console.error(output.trimEnd());
    console.error(`pulumi up on the in-memory AWS: ${((Date.now() - begun) / 1000).toFixed(0)} s`);
    if (values.out !== undefined) {
      writeFileSync(values.out, `${JSON.stringify(await throwAway.export(), undefined, 2)}\n`);
      console.error(`state: ${values.out}`);
    }
    return code === 0 ? 0 : 1;
  } finally {
    await throwAway.close();
  }
});
