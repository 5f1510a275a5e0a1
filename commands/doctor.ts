import { ask } from "./lib/answer.ts";
import { localSettings, localUrl } from "./lib/local-settings.ts";
import { inspect } from "../tools/index.ts";
import { checkDisk, checkDocker, checkNode, checkPort, type Check } from "./lib/checks.ts";
import { main, options, parse, ROOT } from "./lib/command.ts";
import { needsOf } from "./lib/session.ts";
import { readLastFile } from "./lib/stack-file.ts";

const USAGE = "npm run doctor [-- --json] [--stack <name>]";

/** Looks only: nothing is fetched, built, installed or started. */
await main(async () => {
  const { values } = parse(USAGE, { stack: options.stack, json: options.json });
  const settings = localSettings(readLastFile(values.stack));
  const needs = needsOf(settings.database);
  const parts = await inspect({ root: ROOT, needs, say: () => undefined, ask: () => Promise.resolve(false) });
  const answers = await ask(`${localUrl(settings)}/healthz`).then(
    ({ status }) => status === 200,
    () => false,
  );
  const checks: Check[] = [checkNode(), checkDisk(), checkDocker(), await checkPort(settings.port, answers)];

  if (values.json) {
    console.log(JSON.stringify({ stack: values.stack, checks, parts }, undefined, 2));
  } else {
    for (const { name, found, problem } of checks) {
      console.log(`${problem ? "✗" : "✓"} ${name}: ${found}`);
      if (problem) console.log(`    ${problem.what} ${problem.remedy}`);
    }
    for (const { part, version, from } of parts) {
      console.log(
        from === "missing"
          ? `· ${part}: not here yet, npm start gets it`
          : `✓ ${part}${version ? ` ${version}` : ""}: ${from}`,
      );
    }
  }
  return checks.some(({ problem }) => problem) ? 1 : 0;
});
