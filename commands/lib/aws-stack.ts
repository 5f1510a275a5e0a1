import { spawnSync } from "node:child_process";
import { awsClients } from "../../components/aws/clients.ts";
import { ActFailed } from "../../components/release/act-failed.ts";
import { runAndFollow } from "../../components/release/ecs-manage.ts";
import { UserError } from "../../components/shared/user-error.ts";
import { ROOT } from "./command.ts";

/** Where a stack on AWS runs commands; infra/outputs.ts writes it. */
export interface CommandTask {
  readonly region: string;
  readonly profile?: string;
  readonly account: string;
  readonly cluster: string;
  readonly taskDefinition: string;
  readonly subnets: readonly string[];
  readonly securityGroups: readonly string[];
  readonly assignPublicIp: boolean;
  readonly logGroup: string;
}

/**
 * The outputs of a stack on AWS, from the backend that its users share: the one that `pulumi login` chose.
 * @throws UserError when the stack was never deployed, or its backend cannot be read
 */
export function outputsOf(stack: string): { readonly commandTask: CommandTask } {
  const args = ["stack", "output", "--json", "--stack", stack, "--non-interactive"];
  const { status, stdout, stderr, error } = spawnSync("pulumi", args, { cwd: ROOT, encoding: "utf8" });
  if (error)
    throw new UserError([
      { where: "pulumi", what: "is not on PATH.", remedy: "Install it: https://www.pulumi.com/docs/install/" },
    ]);
  const outputs = status === 0 ? (JSON.parse(stdout) as { commandTask?: CommandTask }) : {};
  if (!outputs.commandTask) {
    const what = `has no outputs (${stderr.trim().split("\n").at(-1) ?? "it was never deployed"}).`;
    throw new UserError([{ where: `stack ${stack}`, what, remedy: `Run pulumi up --stack ${stack} first.` }]);
  }
  return { commandTask: outputs.commandTask };
}

/** Runs a command of the application of a stack on AWS, in a task of its own, and returns its exit code. */
export async function runOnAws(stack: string, command: readonly string[]): Promise<number> {
  const { commandTask } = outputsOf(stack);
  const { cluster, taskDefinition, logGroup, ...network } = commandTask;
  try {
    const clients = await awsClients(commandTask);
    return await runAndFollow(
      { clients, cluster, taskDefinition, command, network, logGroup },
      (line) => {
        console.log(line);
      },
      (message) => {
        console.error(message);
      },
    );
  } catch (error) {
    if (!(error instanceof ActFailed)) throw error;
    console.error(`error: ${error.message}`);
    return 1;
  }
}
