import type { Network } from "./arguments.ts";
import type { Access } from "./presets/access.ts";
import { HEALTH } from "./presets/own-addresses.ts";
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
  /** Where visitors are sent instead; `off` for a path below one that has moved. */
  readonly redirect?: string;
  readonly trailingSlash?: Slashes["form"];
  /** Whether requests are logged. */
  readonly log?: boolean;
}

export type PathRules = Readonly<Record<Path, PathRule>>;

/** A path with all that holds on it. */
export interface Place {
  /** Everything below it, and itself without the slash, when it ends in one; that one address otherwise. */
  readonly path: Path;
  readonly rule: PathRule;
  /** The path whose rule says how often a client may come: all below it count together. */
  readonly rateLimitOf: Path;
}

/** The address of a path that ends in a slash, without it. Nobody means one to be closed and the other to be open. */
export const withoutSlash = (path: Path): Path => (/^\/.+\/$/.test(path) ? (path.slice(0, -1) as Path) : path);

const covers = (outer: Path, inner: Path): boolean =>
  outer.endsWith("/") && (inner.startsWith(outer) || inner === withoutSlash(outer));

/** The rules of a path, of the paths above it and of `/`; for each key the nearest one counts. */
export function placeOf(paths: PathRules, path: Path): Place {
  const above = (Object.keys(paths) as Path[])
    .filter((other) => other !== path && covers(other, path))
    .sort((one, other) => one.length - other.length);
  if (path in paths) above.push(path);
  const limiting = above.findLast((other) => paths[other]?.rateLimit !== undefined) ?? path;
  return { path, rule: Object.assign({}, ...above.map((other) => paths[other])) as PathRule, rateLimitOf: limiting };
}

/** The places of the application, `/` last. */
export function placesOf(paths: PathRules): Place[] {
  const own = (Object.keys(paths) as Path[]).filter((path) => path !== "/");
  return [...own, "/" as Path].map((path) => placeOf(paths, path));
}

/** The addresses of a place: nginx sends `/x` to `/x/` by itself, where only the second one is proxied. */
export function addressesOf(paths: PathRules, path: Path): (Path | { readonly exact: Path })[] {
  if (!path.endsWith("/")) return [{ exact: path }];
  const without = withoutSlash(path);
  const isOther = without === path || without in paths || Object.values<Path>(HEALTH).includes(without);
  return isOther ? [path] : [path, { exact: without }];
}

/** The paths whose pages have one form of address or keep theirs: single addresses, which keep it, then the longest first. */
export function slashesOf(paths: PathRules): Slashes[] {
  const all = Object.entries(paths) as [Path, PathRule][];
  if (all.every(([, { trailingSlash }]) => trailingSlash === undefined)) return [];
  return all
    .filter(([path, own]) => !path.endsWith("/") || own.trailingSlash !== undefined || own.redirect !== undefined)
    .map(([path]): Slashes => {
      const { rule } = placeOf(paths, path);
      const keeps = !path.endsWith("/") || movedTo(rule) !== undefined;
      return { path, form: keeps ? "off" : (rule.trailingSlash ?? "off") };
    })
    .sort((one, other) => Number(one.path.endsWith("/")) - Number(other.path.endsWith("/")) || longer(one, other));
}

const longer = (one: Slashes, other: Slashes): number => other.path.length - one.path.length;

/** Where visitors are sent instead of being answered. */
export const movedTo = ({ redirect }: PathRule): string | undefined => (redirect === "off" ? undefined : redirect);

/** Whether another path than the whole site says who may come, and how often. */
export const isLimiting = (paths: PathRules): boolean =>
  Object.entries(paths).some(
    ([path, { allow, deny, auth, rateLimit }]) =>
      path !== "/" && [allow, deny, auth, rateLimit].some((key) => key !== undefined),
  );

/** Whether somebody may not come. */
export const isClosed = ({ allow, deny, auth }: PathRule): boolean =>
  auth === true || (deny ?? []).length > 0 || (allow !== undefined && !allow.includes("all"));
