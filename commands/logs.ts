import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { main, options, parse } from "./lib/command.ts";
import { runningContainers } from "./lib/instance.ts";
import { assertLocal } from "./lib/local-settings.ts";
import { useTools } from "./lib/session.ts";
import { readLastFile } from "./lib/stack-file.ts";

const USAGE = "npm run logs [-- --follow] [--tail <lines>] [--stack <name>]";

await main(async () => {
  const { values } = parse(USAGE, {
    stack: options.stack,
    follow: { type: "boolean", short: "f", default: false },
    tail: { type: "string", default: "50" },
  });
  const remedy = `Run the line "logs" that pulumi stack output commands --stack ${values.stack} prints.`;
  assertLocal(readLastFile(values.stack), remedy);
  await useTools();
  const containers = runningContainers(values.stack);
  await Promise.all(
    containers.map(({ id, part }) => {
      const child = spawn("docker", ["logs", "--tail", values.tail, ...(values.follow ? ["--follow"] : []), id], {
        stdio: ["ignore", "pipe", "pipe"],
      });
      for (const stream of [child.stdout, child.stderr]) {
        createInterface({ input: stream }).on("line", (line) => {
          console.log(`${part.padEnd(12)} ${line}`);
        });
      }
      return new Promise((resolve) => child.on("close", resolve));
    }),
  );
  return 0;
});
