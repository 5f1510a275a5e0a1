import type * as pulumi from "@pulumi/pulumi";
import type { Database } from "../components/database/database.ts";
import type { EcsTimeouts } from "../components/edge/rollout.ts";
import { appEnvironment } from "../components/host/environment.ts";
import type { EcsHostArgs } from "../components/host/ecs-host.ts";
import { taskSize } from "../components/host/task-size.ts";
import type { AppSecrets } from "../components/secrets/app-secrets.ts";
import { mebibytes } from "../components/shared/units.ts";
import { gunicornOf } from "./gunicorn.ts";
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
    timeouts,
  };
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
        ...(database && { ...database.env, PGSSLMODE: "require" }),
        ...(managedSecret && { DATABASE_PASSWORD_SECRET: managedSecret }),
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
