import { deployLocal } from "./local.ts";
import type { Settings } from "./settings.ts";

/** How the stack of each host is deployed; a host that the settings accept and nobody deploys is a compile error. */
const DEPLOYMENTS = { docker: deployLocal } satisfies Record<Settings["host"], unknown>;

/**
 * Registers the resources of a stack.
 * @param secrets the values behind the references under `secrets`
 * @returns the stack's outputs
 * @throws UserError when the project or a file that the settings name is not what it should be
 */
export function deploy(settings: Settings, secrets: Readonly<Record<string, string>>) {
  return DEPLOYMENTS[settings.host](settings, secrets);
}
