import { UserError } from "../../components/shared/user-error.ts";
import { parseSettings, type DockerSettings } from "../../infra/settings.ts";
import { withPair } from "../../infra/settings/pairs.ts";
import { isHttps } from "../../infra/site.ts";
import type { StackFile } from "./stack-file.ts";

/**
 * Settings of a stack on this machine.
 * @throws UserError when they are not what they should be, or the stack is on AWS
 */
export function localSettings({ stack, raw }: StackFile): DockerSettings {
  const settings = parseSettings(raw);
  if (settings.host === "docker") return settings;
  throw elsewhere(stack, `Run pulumi up --stack ${stack}.`);
}

/**
 * For commands that deal with what runs, whatever its settings have become meanwhile.
 * @param remedy what does it for a stack on AWS
 * @throws UserError when the stack is on AWS
 */
export function assertLocal({ stack, raw }: StackFile, remedy: string): void {
  if (withPair(raw).host !== "docker") throw elsewhere(stack, remedy);
}

function elsewhere(stack: string, remedy: string): UserError {
  const what = `the stack "${stack}" runs on AWS, and this command is for stacks on this machine.`;
  return new UserError([{ where: "--stack", what, remedy }]);
}

/** Where the stack's nginx answers. */
export const localUrl = (settings: DockerSettings): string =>
  `${isHttps(settings) ? "https" : "http"}://127.0.0.1:${settings.port}`;
