import { maxConnections } from "../components/database/database-class.ts";
import { onEcs, type EcsTimeouts } from "../components/edge/rollout.ts";
import { takesConnections } from "../components/gunicorn/sizing.ts";
import { checkTimeouts } from "../components/edge/timeout-rules.ts";
import type { Timeouts } from "../components/edge/timeouts.ts";
import { siteTimeouts, type Site } from "../components/nginx/index.ts";
import { UserError, type Problem } from "../components/shared/user-error.ts";
import { concurrencyOf } from "./gunicorn.ts";
import type { EcsSettings, Settings } from "./settings.ts";

/**
 * Every time limit of a stack, from the settings.
 * @throws UserError naming each relation that does not hold, with the key to change
 */
export function ladderOf(settings: EcsSettings, site: Site): EcsTimeouts;
export function ladderOf(settings: Settings, site: Site): Timeouts;
export function ladderOf(settings: Settings, site: Site): Timeouts {
  const serving = siteTimeouts(site);
  const ladder = settings.host === "ecs" ? ecsLadder(settings, serving) : serving;
  const problems = checkTimeouts(ladder).map(({ rule, message }): Problem => ({
    ...mend(rule, settings),
    what: `breaks the rule "${rule}": ${message}`,
  }));
  if (problems.length) throw new UserError(problems);
  return ladder;
}

function ecsLadder(settings: EcsSettings, serving: Timeouts): EcsTimeouts {
  const { workers, perWorker } = concurrencyOf(settings);
  const accepted = settings.database === "postgres" ? maxConnections(settings.databaseClass) : undefined;
  return onEcs(serving, { replicas: settings.replicas, concurrency: workers * perWorker }, accepted);
}

/** The settings that decide how many requests a Gunicorn works on at the same time. */
const concurrencyKeys = ({ workerClass }: Settings): string =>
  takesConnections(workerClass) ? "workers or workerConnections" : "workers or threads";

/** The setting that decides a relation, and what to do with it. */
function mend(rule: string, settings: Settings): Pick<Problem, "where" | "remedy"> {
  if (rule === "database-connections") {
    return { where: "databaseClass", remedy: `Write a larger class, or fewer replicas, ${concurrencyKeys(settings)}.` };
  }
  if (rule === "connections") return { where: "workers", remedy: `Write fewer ${concurrencyKeys(settings)}.` };
  const [slowest] = Object.entries(settings.paths)
    .filter(([, { timeout }]) => timeout !== undefined)
    .map(([path]) => `paths.${path}.timeout`);
  return {
    where: slowest ?? "requestTimeout",
    remedy: 'Write a shorter time (on ecs at most "105s"); longer work belongs into a task queue.',
  };
}
