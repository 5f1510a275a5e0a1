import { readSecretReferences } from "../components/secrets/references.ts";
import { inRepository } from "./paths.ts";
import { awsConfig, type Settings } from "./settings.ts";

/**
 * Registers the resources of a stack. The program of the other host is never loaded: the AWS SDKs would cost every local
 * start a second.
 * @param config the configuration of the engine, for the keys of other namespaces
 * @param readSecrets turns the references under `secrets` into values, on docker
 * @returns the stack's outputs
 * @throws UserError when the project or a file that the settings name is not what it should be
 */
export async function deploy(
  settings: Settings,
  config: Readonly<Record<string, unknown>>,
  readSecrets: (references: Readonly<Record<string, string>>) => Record<string, string> = (references) =>
    readSecretReferences(references, inRepository),
) {
  switch (settings.host) {
    case "docker":
      return (await import("./local.ts")).deployLocal(settings, readSecrets(settings.secrets));
    case "ecs":
      return (await import("./aws.ts")).deployAws(settings, awsConfig(config));
  }
}
