import type { Problem } from "../shared/user-error.ts";
import type { Network } from "./arguments.ts";
import type { Access } from "./presets/access.ts";
import type { RateLimit } from "./presets/rate-limit.ts";
import type { Slashes } from "./presets/redirects.ts";
import type { Path, Size, Time } from "./values.ts";

/** What differs on a path; what is absent is as on the path above it, and in the end as on the rest of the site. */
export interface PathRule extends Access {
  /** Keep answers that long, for everybody. Only for pages that are the same for all visitors without a cookie. */
  readonly cache?: Time | "off";
  /** Who may have a cached page rendered anew, with `Cache-Control: no-cache`. */
  readonly refresh?: readonly Network[];
  readonly timeout?: Time;
  readonly upload?: Size;
  /** Whether a request's body is taken whole before the application sees it. */
  readonly uploadBuffering?: boolean;
  readonly rateLimit?: RateLimit | "off";
  /** Answers arrive as they are made, and may become WebSockets. */
  readonly streaming?: boolean;
  readonly compression?: boolean;
  /** Where visitors are sent instead. */
  readonly redirect?: string;
  readonly trailingSlash?: "append" | "remove";
  /** Whether requests are logged. */
  readonly log?: boolean;
}

export type PathRules = Readonly<Record<Path, PathRule>>;

/** A path with all that holds on it. */
export interface Place {
  /** Everything below it when it ends in a slash, that one address otherwise. */
  readonly path: Path;
  readonly rule: PathRule;
  /** The path whose rule says how often a client may come: all below it count together. */
  readonly rateLimitOf: Path;
}

const covers = (outer: Path, inner: Path): boolean => outer.endsWith("/") && inner.startsWith(outer);

/** The rules of a path, of the paths above it and of `/`; for each key the nearest one counts. */
export function placeOf(paths: PathRules, path: Path): Place {
  const above = (Object.keys(paths) as Path[])
    .filter((other) => other === path || covers(other, path))
    .sort((one, other) => one.length - other.length);
  const limiting = above.findLast((other) => paths[other]?.rateLimit !== undefined) ?? path;
  return { path, rule: Object.assign({}, ...above.map((other) => paths[other])) as PathRule, rateLimitOf: limiting };
}

/** The places of the application, `/` last. */
export function placesOf(paths: PathRules): Place[] {
  const own = (Object.keys(paths) as Path[]).filter((path) => path !== "/");
  return [...own, "/" as Path].map((path) => placeOf(paths, path));
}

/** The paths that have one form of address, the longest first; an exact address has one form already. */
export const slashesOf = (paths: PathRules): Slashes[] =>
  (Object.entries(paths) as [Path, PathRule][])
    .flatMap(([path, { trailingSlash: form }]) => (form !== undefined && path.endsWith("/") ? [{ path, form }] : []))
    .sort((one, other) => other.path.length - one.path.length);

/** What may stand under `/`: the rest has a setting of its own, or would slow down or break the whole site. */
const NOT_FOR_ALL: Readonly<Partial<Record<keyof PathRule, string>>> = {
  cache:
    "A cache on every page serialises the visitors of pages that cannot be cached. Write the paths that are the same for everybody.",
  refresh: "Write it beside cache.",
  timeout: "Write requestTimeout.",
  upload: "Write uploadLimit.",
  redirect: "Write canonicalHost, or the paths that have moved.",
};

/** What cannot stand together on one place, with the reason. */
const CONFLICTS: readonly (readonly [key: keyof PathRule, other: keyof PathRule, what: string])[] = [
  ["cache", "streaming", "a stream has no end that could be kept."],
  ["cache", "uploadBuffering", "only GET is cached, which has no body."],
];

/** Paths that nginx answers by itself, and rules that contradict one another. */
export function pathProblems(paths: PathRules, folders: readonly string[]): Problem[] {
  return (Object.entries(paths) as [Path, PathRule][]).flatMap(([path, rule]): Problem[] => {
    const where = `paths.${path}`;
    if (!path.startsWith("/")) {
      return [{ where, what: "does not begin with a slash.", remedy: `Write "/${path}".` }];
    }
    const owner =
      ["/healthz", "/healthz/app"].find((address) => path === address) ??
      folders.find((folder) => path.startsWith(folder));
    if (owner !== undefined) {
      return [{ where, what: `nginx answers ${owner} itself, not the application.`, remedy: "Leave this path out." }];
    }
    if (path === "/") {
      const keys = (Object.keys(rule) as (keyof PathRule)[]).filter((key) => rule[key] !== undefined);
      return keys.flatMap((key): Problem[] => {
        const remedy = NOT_FOR_ALL[key];
        return remedy === undefined
          ? []
          : [{ where: `${where}.${key}`, what: "cannot be for the whole site.", remedy }];
      });
    }
    return conflicts(where, rule, placeOf(paths, path).rule);
  });
}

const isOn = (rule: PathRule, key: keyof PathRule): boolean =>
  key === "uploadBuffering" ? rule[key] === false : ![undefined, "off", false].includes(rule[key] as undefined);

/** @param own What the path says itself; the rest of `rule` comes from paths above it. */
function conflicts(where: string, own: PathRule, rule: PathRule): Problem[] {
  const problems = CONFLICTS.filter(
    ([key, other]) => isOn(rule, key) && isOn(rule, other) && (isOn(own, key) || isOn(own, other)),
  ).map(([key, other, what]): Problem => ({
    where: `${where}.${isOn(own, other) ? other : key}`,
    what: `${key} and ${other} do not go together: ${what}`,
    remedy: 'Leave one of them out, or write cache: "off".',
  }));
  if (own.refresh && !isOn(rule, "cache")) {
    const what = "there is no cached page to refresh.";
    problems.push({ where: `${where}.refresh`, what, remedy: "Write cache beside it." });
  }
  return problems;
}
