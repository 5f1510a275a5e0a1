import { readSecrets, type Secrets } from "./secrets.ts";
import { awsConfig, type DockerSettings, type Settings } from "./settings.ts";

/**
 * Registers the resources of a stack. The program of the other host is never loaded: the AWS SDKs would cost every local
 * start a second.
 * @param config the configuration of the engine, for the keys of other namespaces
 * @param secretsOf turns the references of the settings into values, on docker
 * @returns the stack's outputs
 * @throws UserError when the project or a file that the settings name is not what it should be
 */
export async function deploy(
  settings: Settings,
  config: Readonly<Record<string, unknown>>,
  secretsOf: (settings: DockerSettings) => Secrets = readSecrets,
) {
  switch (settings.host) {
    case "docker":
      return (await import("./local.ts")).deployLocal(settings, secretsOf(settings));
    case "ecs":
      return (await import("./aws.ts")).deployAws(settings, awsConfig(config));
  }
}
