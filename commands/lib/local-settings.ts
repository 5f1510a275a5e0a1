import { UserError } from "../../components/shared/user-error.ts";
import { parseSettings, type DockerSettings } from "../../infra/settings.ts";
import { isHttps } from "../../infra/site.ts";
import type { StackFile } from "./stack-file.ts";

/**
 * Settings of a stack on this machine.
 * @throws UserError when they are not what they should be, or the stack is on AWS
 */
export function localSettings({ stack, raw }: StackFile): DockerSettings {
  const settings = parseSettings(raw);
  if (settings.host === "docker") return settings;
  const what = `the stack "${stack}" runs on AWS, and this command is for stacks on this machine.`;
  throw new UserError([{ where: "--stack", what, remedy: `Run pulumi up --stack ${stack}.` }]);
}

/** Where the stack's nginx answers. */
export const localUrl = (settings: DockerSettings): string =>
  `${isHttps(settings) ? "https" : "http"}://127.0.0.1:${settings.port}`;
