import type * as pulumi from "@pulumi/pulumi";
import type { Database } from "../components/database/database.ts";
import type { EcsTimeouts } from "../components/edge/rollout.ts";
import { appEnvironment } from "../components/host/environment.ts";
import type { EcsHostArgs } from "../components/host/ecs-host.ts";
import { taskSize } from "../components/host/task-size.ts";
import { hasOverlay, RDS_CA_FILE } from "../components/image/build-arguments.ts";
import type { AppSecrets } from "../components/secrets/app-secrets.ts";
import { mebibytes } from "../components/shared/units.ts";
import { gunicornOf, workerEnvironment } from "./gunicorn.ts";
import type { DeployedProject } from "./project.ts";
import type { EcsSettings } from "./settings.ts";

/** What of a task follows from the settings. */
export function taskOf(settings: EcsSettings, project: DeployedProject, timeouts: EcsTimeouts): EcsHostArgs["task"] {
  const { command, healthCommand } = gunicornOf(settings, timeouts);
  return {
    size: taskSize(settings.cpu, mebibytes(settings.memory)),
    command: command(1),
    healthCommand: healthCommand(1),
    publishCommand: project.publishCommand,
    statusPort: settings.nginx.statusPort,
    timeouts,
  };
}

/**
 * Who keeps the password of the database. RDS rotates its own every seven days, while tasks get secrets at their start only;
 * the settings overlay reads it again when it is refused. Without the overlay it has to be one that stays.
 */
export function passwordKind(settings: EcsSettings, project: DeployedProject): "rotated" | "own" | undefined {
  if (settings.database !== "postgres") return undefined;
  return hasOverlay(project, settings.settingsOverlay) ? "rotated" : "own";
}

/** The variables of the application, by the way in which they reach it. */
export function taskEnvironment(
  settings: EcsSettings,
  { secrets, database }: { readonly secrets: AppSecrets; readonly database: Database | undefined },
): Pick<EcsHostArgs, "env" | "injected" | "read"> {
  const { managedSecret } = database ?? {};
  return {
    env: appEnvironment<pulumi.Input<string>>({
      variables: {
        // libpq's own variables: whatever connects with it knows the server, with the settings overlay or without.
        ...(database && { ...database.env, PGSSLMODE: "verify-full", PGSSLROOTCERT: RDS_CA_FILE }),
        ...(managedSecret && { DATABASE_PASSWORD_SECRET: managedSecret }),
        ...workerEnvironment(settings),
      },
      allowedHosts: settings.allowedHosts,
      origin: { scheme: "https", port: 443 },
      env: settings.env,
    }),
    injected: {
      ...(secrets.secretKey && { SECRET_KEY: secrets.secretKey.arn }),
      ...(secrets.databasePassword && { DATABASE_PASSWORD: secrets.databasePassword.arn }),
      ...settings.secrets,
    },
    read: managedSecret ? [managedSecret] : [],
  };
}
