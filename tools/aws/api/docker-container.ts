import type { Place } from "../record.ts";
import type { Container } from "../records/container-checks.ts";
import { SECRET_VERSION } from "../records/secrets-manager.ts";

/** Variables of a container, as ECS has them at the start of a task. */
export function environmentOf(container: Container, place: Place): Record<string, string> {
  const { environment = [], secrets = [] } = container;
  return Object.fromEntries([
    ...environment.map(({ name = "", value }) => [name, String(value)] as const),
    ...secrets.map(({ name = "", valueFrom = "" }) => [name, secretValue(valueFrom, place)] as const),
  ]);
}

/** A secret as ECS reads it: `arn`, or `arn:key::` for one key of a JSON secret. */
function secretValue(valueFrom: string, { world, seed }: Place): string {
  const parts = valueFrom.split(":");
  const [arn, key] = [parts.slice(0, 7).join(":"), parts[7]];
  const stored = world.all(SECRET_VERSION).find(({ properties }) => properties["secretId"] === arn);
  const value = stored
    ? String(stored.properties["secretString"])
    : seed.secrets?.find((each) => each.arn === arn)?.value;
  if (value === undefined) throw new Error(`no value of ${arn}`);
  return key ? String((JSON.parse(value) as Record<string, unknown>)[key]) : value;
}

/**
 * Arguments of `docker run` behind its own options: user, limits, what it is denied, volumes of the task, image and command.
 * @param volumes a Docker volume for each volume of the task, empty at its start
 */
export function runArguments(
  container: Container,
  env: Readonly<Record<string, string>>,
  volumes: (name: string) => string,
  command: readonly string[] = container.command ?? [],
): string[] {
  return [
    ...["--user", container.user ?? "0", "--read-only", "--cap-drop", "ALL"],
    ...(container.memory === undefined ? [] : ["--memory", `${container.memory}m`]),
    ...(container.mountPoints ?? []).flatMap(({ sourceVolume = "", containerPath = "", readOnly }) => [
      "--volume",
      `${volumes(sourceVolume)}:${containerPath}${readOnly ? ":ro" : ""}`,
    ]),
    ...Object.keys(env).flatMap((name) => ["--env", name]),
    container.image ?? "",
    ...command,
  ];
}
