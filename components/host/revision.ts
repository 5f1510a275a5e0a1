/** The revision before this one, as `family:6` for `arn:aws:ecs:…:task-definition/family:7`; undefined before the first. */
export function revisionBefore(taskDefinition: string): string | undefined {
  const [, family, revision] = /\/([\w-]+):(\d+)$/.exec(taskDefinition) ?? [];
  return family === undefined || Number(revision) < 2 ? undefined : `${family}:${Number(revision) - 1}`;
}
