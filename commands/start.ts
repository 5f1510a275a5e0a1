import { setTimeout as sleep } from "node:timers/promises";
import { UserError } from "../components/shared/user-error.ts";
import { precheck } from "../infra/precheck.ts";
import { ask } from "./lib/answer.ts";
import { localSettings, localUrl } from "./lib/local-settings.ts";
import { checkDisk, checkDocker, checkNode, checkPort, report } from "./lib/checks.ts";
import { main, options, parse } from "./lib/command.ts";
import { containerOf, containersOf, instanceOf, removeLeftovers } from "./lib/instance.ts";
import { byHand, ensureStack, pulumiShown } from "./lib/pulumi.ts";
import { needsOf, recover, useTools } from "./lib/session.ts";
import { readStackFile, writeConfigFile } from "./lib/stack-file.ts";

const USAGE = "npm start [-- --stack <name>] [--set key=value …]";
const ANSWER_SECONDS = 30;
const say = (line: string) => {
  console.log(line);
};

const NEXT = `
Next:
  npm run logs                         what nginx and Gunicorn say
  npm run manage -- createsuperuser    any command of manage.py
  npm start -- --set projectDir=../mine --set wsgiModule=mine.wsgi
                                       your own project
  npm run stop                         stop it; your data stays
`;

await main(async () => {
  const { values } = parse(USAGE, { stack: options.stack, set: options.set });
  const file = readStackFile(values.stack, values.set);
  const settings = localSettings(file);
  precheck(settings);

  say(`Deploying the stack "${values.stack}" on this machine.`);
  report([checkNode(), checkDisk()]);
  const tools = await useTools(needsOf(settings.database));
  for (const { part, version, from } of tools.supplied) say(`✓ ${part}${version ? ` ${version}` : ""}: ${from}`);

  const configFile = writeConfigFile(file, ensureStack(values.stack));
  report([checkDocker()]);
  const state = recover(values.stack, configFile);
  const nginx = containerOf(containersOf(instanceOf(state)), "nginx");
  report([await checkPort(settings.port, nginx?.ports.includes(`127.0.0.1:${settings.port}->`) ?? false)]);
  for (const name of removeLeftovers(state)) say(`removed what a killed run left: ${name}`);

  const args = ["up", "--stack", values.stack, "--config-file", configFile, "--refresh", "--skip-preview", "--yes"];
  say(`\nRunning, as you could by hand:\n  ${byHand(args)}\n`);
  if ((await pulumiShown(args)) !== 0) {
    const what = "the deployment failed; the reason stands above. What served before still serves.";
    throw new UserError([{ where: `stack ${values.stack}`, what, remedy: "Mend it and run npm start again." }]);
  }

  const url = localUrl(settings);
  await untilAnswers(`${url}/healthz/app`);
  for (const leftover of tools.leftovers) say(`Still there, because this started it: ${leftover}`);
  say(NEXT);
  say(`ready ${url}`);
  return 0;
});

/** nginx and, through it, Gunicorn answer. */
async function untilAnswers(url: string): Promise<void> {
  const deadline = Date.now() + ANSWER_SECONDS * 1000;
  let last = "";
  while (Date.now() < deadline) {
    try {
      const { status } = await ask(url);
      if (status < 500) return;
      last = `status ${status}`;
    } catch (error) {
      last = error instanceof Error ? error.message : String(error);
    }
    await sleep(200);
  }
  throw new UserError([
    { where: url, what: `does not answer within ${ANSWER_SECONDS} s (${last}).`, remedy: "See npm run logs." },
  ]);
}
