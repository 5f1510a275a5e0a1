import type { Problem } from "../shared/user-error.ts";
import { isClosed, movedTo, placeOf, withoutSlash, type PathRule, type PathRules } from "./path-rules.ts";
import { HEALTH } from "./presets/own-addresses.ts";
import type { Path } from "./values.ts";

type Key = keyof PathRule;

/** What may stand under `/`: the rest has a setting of its own, or would slow down or break the whole site. */
const NOT_FOR_ALL: Readonly<Partial<Record<Key, string>>> = {
  cache:
    "A cache on every page serialises the visitors of pages that cannot be cached. Write the paths that are the same for everybody.",
  refresh: "Write it beside cache.",
  timeout: "Write requestTimeout.",
  upload: "Write uploadLimit.",
  redirect: "Write canonicalHost, or the paths that have moved.",
};

/** What cannot stand together on one place, with the reason. */
const CONFLICTS: readonly (readonly [key: Key, other: Key, what: string])[] = [
  ["cache", "streaming", "a stream has no end that could be kept."],
  ["cache", "uploadBuffering", "only GET is cached, which has no body."],
];

/** Paths that nginx answers by itself, and rules that contradict one another or say nothing. */
export function pathProblems(paths: PathRules, folders: readonly string[]): Problem[] {
  return (Object.entries(paths) as [Path, PathRule][]).flatMap(([path, rule]): Problem[] => {
    const where = `paths.${path}`;
    if (!path.startsWith("/")) {
      return [{ where, what: "does not begin with a slash.", remedy: `Write "/${path}".` }];
    }
    const owner =
      Object.values(HEALTH).find((address) => path === address) ?? folders.find((folder) => path.startsWith(folder));
    if (owner !== undefined) {
      return [{ where, what: `nginx answers ${owner} itself, not the application.`, remedy: "Leave this path out." }];
    }
    if (path === "/") return forAll(where, rule);
    return [
      ...(path.endsWith("/") ? [] : oneAddress(where, path, rule, paths)),
      ...moved(where, path, rule, paths),
      ...conflicts(where, rule, placeOf(paths, path).rule),
    ];
  });
}

/** What the application says at its health path comes from `/healthz/app`, too, which is open to everybody. */
export function healthProblems(paths: PathRules, health: Path): Problem[] {
  // nginx answers visitors there itself, so nobody has a page there.
  if (health === HEALTH.nginx || !isClosed(placeOf(paths, health).rule)) return [];
  const what = `a list or password closes ${health}, and ${HEALTH.app} shows it to everybody.`;
  const remedy = `Write a path that says nothing, and open it: paths: { "/live": { auth: false, allow: ["all"], deny: [] } }.`;
  return [{ where: "healthPath", what, remedy }];
}

const own = (rule: PathRule): Key[] => (Object.keys(rule) as Key[]).filter((key) => rule[key] !== undefined);

const forAll = (where: string, rule: PathRule): Problem[] =>
  own(rule).flatMap((key): Problem[] => {
    const remedy = NOT_FOR_ALL[key];
    return remedy === undefined ? [] : [{ where: `${where}.${key}`, what: "cannot be for the whole site.", remedy }];
  });

/** A path without a slash at its end is that one address: a rule that closes it closes nothing below it. */
function oneAddress(where: string, path: Path, rule: PathRule, paths: PathRules): Problem[] {
  const problems: Problem[] = [];
  const isFile = /[^/]\.[A-Za-z]\w*$/.test(path);
  if (isClosed(rule) && !isFile && !judges(paths[`${path}/`])) {
    const what = `closes ${path} and leaves everything below it open.`;
    problems.push({ where, what, remedy: `Write "${path}/": it is both.` });
  }
  if (rule.trailingSlash !== undefined) {
    const what = "one address has one form.";
    problems.push({ where: `${where}.trailingSlash`, what, remedy: "Leave it out." });
  }
  return problems;
}

const judges = (rule?: PathRule): boolean => [rule?.allow, rule?.deny, rule?.auth].some((key) => key !== undefined);

/** Where visitors are sent elsewhere nothing else happens, and they must get somewhere. */
function moved(where: string, path: Path, rule: PathRule, paths: PathRules): Problem[] {
  const target = movedTo(placeOf(paths, path).rule);
  if (target === undefined) return [];
  const idle = own(rule).filter((key) => key !== "redirect" && key !== "log");
  const problems = idle.map((key): Problem => {
    const what = `says nothing where visitors are sent to ${target}.`;
    return { where: `${where}.${key}`, what, remedy: 'Leave it out, or write redirect: "off".' };
  });
  if (rule.redirect !== undefined && comesBack(path, target, paths)) {
    const what = `${target} leads back to itself.`;
    problems.push({ where: `${where}.redirect`, what, remedy: `Write redirect: "off" for a path that answers.` });
  }
  return problems;
}

/** Also where only the slash at the end differs: that is what `trailingSlash` is for. */
function comesBack(path: Path, target: string, paths: PathRules): boolean {
  const seen = new Set([withoutSlash(path)]);
  for (let next: string | undefined = target; next?.startsWith("/");) {
    const address = next.replace(/[?#].*/, "") as Path;
    if (seen.has(withoutSlash(address))) return true;
    seen.add(withoutSlash(address));
    next = movedTo(placeOf(paths, address).rule);
  }
  return false;
}

const isOn = (rule: PathRule, key: Key): boolean =>
  key === "uploadBuffering" ? rule[key] === false : ![undefined, "off", false].includes(rule[key] as undefined);

/** @param mine What the path says itself; the rest of `rule` comes from paths above it. */
function conflicts(where: string, mine: PathRule, rule: PathRule): Problem[] {
  const problems = CONFLICTS.filter(
    ([key, other]) => isOn(rule, key) && isOn(rule, other) && (isOn(mine, key) || isOn(mine, other)),
  ).map(([key, other, what]): Problem => ({
    where: `${where}.${isOn(mine, other) ? other : key}`,
    what: `${key} and ${other} do not go together: ${what}`,
    remedy: 'Leave one of them out, or write cache: "off".',
  }));
  if (mine.refresh && !isOn(rule, "cache")) {
    const what = "there is no cached page to refresh.";
    problems.push({ where: `${where}.refresh`, what, remedy: "Write cache beside it." });
  }
  return problems;
}
