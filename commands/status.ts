import { main, options, parse } from "./lib/command.ts";
import { containersOf, instanceOf } from "./lib/instance.ts";
import { readState } from "./lib/pulumi.ts";
import { useTools } from "./lib/session.ts";

const USAGE = "npm run status [-- --json] [--stack <name>]";

await main(async () => {
  const { values } = parse(USAGE, { stack: options.stack, json: options.json });
  await useTools();
  const state = readState(values.stack);
  const containers = containersOf(instanceOf(state)).sort((a, b) => a.name.localeCompare(b.name));
  const outputs = state.resources.find(({ type }) => type === "pulumi:pulumi:Stack")?.outputs ?? {};
  const url = typeof outputs.url === "string" && containers.length ? outputs.url : undefined;
  const answer = url === undefined ? undefined : await answerOf(`${url}/healthz/app`);

  if (values.json) {
    console.log(JSON.stringify({ stack: values.stack, url, answer, containers }, undefined, 2));
  } else if (containers.length === 0) {
    console.log(`The stack "${values.stack}" does not run. Start it with npm start.`);
  } else {
    for (const { name, status } of containers) console.log(`${name}\n  ${status}`);
    console.log(`${url ?? "no URL"} answers ${answer ?? "nothing"}`);
  }
  return answer === 200 || containers.length === 0 ? 0 : 1;
});

async function answerOf(url: string): Promise<number | undefined> {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(5000) })).status;
  } catch {
    return undefined; // nothing listens there: shown as "answers nothing"
  }
}
