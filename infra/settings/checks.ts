import type { Problem } from "../../components/shared/user-error.ts";
import { mebibytes, seconds } from "../../components/shared/units.ts";
import { ecsChecks } from "./ecs-checks.ts";
import type { Settings } from "./schema.ts";
import { servingChecks } from "./serving-checks.ts";
import { workerChecks } from "./worker-checks.ts";

/** Names that the host sets from other settings; writing them under `env` would be a second way to say the same. */
const SET_FROM: Readonly<Record<string, string>> = {
  SECRET_KEY: "Leave it out: one is generated and kept. To bring your own, write it under secrets.",
  ALLOWED_HOSTS: "Write allowedHosts.",
  CSRF_TRUSTED_ORIGINS: "Leave it out: it follows from allowedHosts.",
  DATABASE_URL: "Write database.",
  MEDIA_ROOT: "Leave it out: it is the media volume.",
  SITE_SCHEME: "Leave it out: it follows from the edge.",
  DJANGO_SETTINGS_MODULE: "Write settingsModule.",
};

/** Those that a user may bring as a secret of their own. */
const ownSecrets = (settings: Settings): readonly string[] =>
  settings.database === "existing" ? ["SECRET_KEY", "DATABASE_URL"] : ["SECRET_KEY"];

/** What no single key shows: settings that contradict one another. Empty when they go together. */
export function crossChecks(settings: Settings): Problem[] {
  const { env, secrets, framework } = settings;
  const problems: Problem[] = [];
  const add = (where: string, what: string, remedy: string) => problems.push({ where, what, remedy });

  problems.push(...workerChecks(settings));
  if (settings.host === "docker" && mebibytes(settings.memory) < 128) {
    add("memory", `"${settings.memory}" is too small for one worker.`, 'Write at least "128m".');
  }
  if (seconds(settings.requestTimeout) > 600) {
    add(
      "requestTimeout",
      `"${settings.requestTimeout}" is longer than 600s.`,
      'Write a time from "1s" to "600s"; longer work belongs into a task queue.',
    );
  }
  for (const [path, { timeout }] of Object.entries(settings.paths)) {
    if (timeout !== undefined && seconds(timeout) > 3600) {
      const remedy = 'Write a time up to "1h"; longer work belongs into a task queue.';
      add(`paths.${path}.timeout`, `"${timeout}" is longer than 1h.`, remedy);
    }
  }
  for (const [where, upload] of uploads(settings)) {
    if (mebibytes(upload) > 1024)
      add(
        where,
        `"${upload}" is larger than 1g.`,
        'Write a size up to "1g"; larger files belong into a bucket, uploaded directly.',
      );
  }
  for (const name of Object.keys(env)) {
    const remedy = SET_FROM[name];
    if (remedy) add(`env.${name}`, "is set by the host.", remedy);
    if (name in secrets) add(`env.${name}`, "stands under secrets too.", "Keep one of them.");
  }
  for (const name of Object.keys(secrets)) {
    const remedy = SET_FROM[name];
    if (remedy && !ownSecrets(settings).includes(name)) add(`secrets.${name}`, "is set by the host.", remedy);
  }
  if (framework === "wsgi" && settings.settingsModule !== undefined) {
    add("settingsModule", 'is for Django, and framework is "wsgi".', "Leave one of them out.");
  }
  return [...problems, ...servingChecks(settings), ...(settings.host === "ecs" ? ecsChecks(settings) : [])];
}

function uploads({ uploadLimit, paths }: Settings): (readonly [where: string, upload: string])[] {
  const ofPaths = Object.entries(paths).flatMap(([path, { upload }]) =>
    upload === undefined ? [] : [[`paths.${path}.upload`, upload] as const],
  );
  return [["uploadLimit", uploadLimit], ...ofPaths];
}
