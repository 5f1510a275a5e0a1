import { spawnSync } from "node:child_process";
import { UserError } from "../components/shared/user-error.ts";
import { parseSettings } from "../infra/settings.ts";
import { runOnAws } from "./lib/aws-stack.ts";
import { main } from "./lib/command.ts";
import { containerOf, runningContainers } from "./lib/instance.ts";
import { useTools } from "./lib/session.ts";
import { readLastFile } from "./lib/stack-file.ts";

/**
 * `npm run manage -- [--stack <name>] <django command>`: everything after the stack belongs to manage.py. In the first Gunicorn
 * container of a stack on this machine, in a task of its own on AWS.
 */
await main(async () => {
  const args = process.argv.slice(2);
  const stack = args[0] === "--stack" ? (args.splice(0, 2)[1] ?? "") : "local";
  if (args.length === 0) {
    const remedy = "Usage: npm run manage -- [--stack <name>] <django command>, as npm run manage -- createsuperuser";
    throw new UserError([{ where: "command line", what: "there is no command for manage.py.", remedy }]);
  }
  if (parseSettings(readLastFile(stack).raw).host === "ecs") return runOnAws(stack, ["python", "manage.py", ...args]);
  await useTools();
  const replica = containerOf(runningContainers(stack), "gunicorn-1");
  if (!replica)
    throw new UserError([
      { where: `stack ${stack}`, what: "has no Gunicorn container.", remedy: "Start it with npm start." },
    ]);
  const terminal = process.stdin.isTTY && process.stdout.isTTY ? ["--tty"] : [];
  const command = ["exec", "--interactive", ...terminal, replica.id, "python", "manage.py", ...args];
  return spawnSync("docker", command, { stdio: "inherit" }).status ?? 1;
});
