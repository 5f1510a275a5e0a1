import { UserError } from "../components/shared/user-error.ts";
import { main, options, parse } from "./lib/command.ts";
import { instanceOf, removeLeftovers, removeVolumes } from "./lib/instance.ts";
import { assertLocal } from "./lib/local-settings.ts";
import { ensureStack, pulumi, pulumiShown, readState } from "./lib/pulumi.ts";
import { recover, useTools } from "./lib/session.ts";
import { readLastFile, readStackFile, writeConfigFile } from "./lib/stack-file.ts";

const USAGE = "npm run stop [-- --data] [--stack <name>]";
const say = (line: string) => {
  console.log(line);
};

await main(async () => {
  const { values } = parse(USAGE, { stack: options.stack, data: { type: "boolean", default: false } });
  const { stack } = values;
  const file = readStackFile(stack, []);
  assertLocal(readLastFile(stack), `Run pulumi destroy --stack ${stack} (docs/aws.md, Removing it).`);
  const tools = await useTools();
  const configFile = writeConfigFile(file, ensureStack(stack));
  const state = recover(stack, configFile);
  if (values.data) {
    say("Removing the stack and its data: uploaded files, database, generated secrets.");
    if (state.resources.length) pulumi(["state", "unprotect", "--all", "--yes", "--stack", stack]);
  } else {
    say(
      "Stopping the stack. Its data stays: uploaded files, database, generated secrets (npm run stop -- --data removes them).",
    );
  }
  const kept = values.data ? [] : ["--exclude-protected"];
  const args = [
    "destroy",
    "--stack",
    stack,
    "--config-file",
    configFile,
    "--refresh",
    "--skip-preview",
    "--yes",
    ...kept,
  ];
  if ((await pulumiShown(args)) !== 0) {
    const what = "could not be stopped; the reason stands above.";
    throw new UserError([{ where: `stack ${stack}`, what, remedy: "Mend it and run npm run stop again." }]);
  }
  const gone = {
    resources: state.resources.filter(({ type }) => type === "random:index/randomId:RandomId"),
    pending: 0,
  };
  for (const name of removeLeftovers(gone, true)) say(`removed ${name}`);
  if (values.data) for (const name of removeVolumes(instanceOf(state))) say(`removed ${name}`);
  if (readState(stack).resources.length === 0) say("Nothing is left of it.");
  for (const leftover of tools.leftovers) say(`Still there, because this started it: ${leftover}`);
  return 0;
});
