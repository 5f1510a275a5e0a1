import { ask, type Answer } from "./lib/answer.ts";
import { main, options, parse } from "./lib/command.ts";
import { containersOf, instanceOf } from "./lib/instance.ts";
import { assertLocal } from "./lib/local-settings.ts";
import { readState } from "./lib/pulumi.ts";
import { useTools } from "./lib/session.ts";
import { readLastFile } from "./lib/stack-file.ts";

const USAGE = "npm run status [-- --json] [--stack <name>]";

await main(async () => {
  const { values } = parse(USAGE, { stack: options.stack, json: options.json });
  assertLocal(readLastFile(values.stack), `Run pulumi stack output --stack ${values.stack}.`);
  await useTools();
  const state = readState(values.stack);
  const containers = containersOf(instanceOf(state)).sort((a, b) => a.name.localeCompare(b.name));
  const outputs = state.resources.find(({ type }) => type === "pulumi:pulumi:Stack")?.outputs ?? {};
  const url = typeof outputs.url === "string" && containers.length ? outputs.url : undefined;
  const answer = url === undefined ? undefined : await answerOf(`${url}/healthz/app`);

  if (values.json) {
    console.log(
      JSON.stringify(
        { stack: values.stack, url, answer: answer?.status, certificateEnds: answer?.certificateEnds, containers },
        undefined,
        2,
      ),
    );
  } else if (containers.length === 0) {
    console.log(`The stack "${values.stack}" does not run. Start it with npm start.`);
  } else {
    for (const { name, status } of containers) console.log(`${name}\n  ${status}`);
    console.log(`${url ?? "no URL"} answers ${answer?.status ?? "nothing"}`);
    if (answer?.certificateEnds) console.log(certificateLine(answer.certificateEnds));
  }
  return answer?.status === 200 || containers.length === 0 ? 0 : 1;
});

function certificateLine(ends: Date): string {
  const day = ends.toISOString().slice(0, 10);
  if (ends > new Date()) return `the certificate is valid until ${day}`;
  return `the certificate ran out on ${day}: npm run stop, then npm start, makes a new one`;
}

async function answerOf(url: string): Promise<Answer | undefined> {
  try {
    return await ask(url);
  } catch {
    return undefined; // nothing listens there: shown as "answers nothing"
  }
}
