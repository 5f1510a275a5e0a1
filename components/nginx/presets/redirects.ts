import { nginx } from "../build.ts";
import type { Node, Value } from "../model.ts";
import { ownVariable, text, v } from "../values.ts";
import type { Path } from "../values.ts";

/** 308 keeps the method, so that a form sent to the old address arrives. */
const PERMANENT = 308;

/** Sends visitors elsewhere, whatever they asked for below the path. */
export const redirect = (target: string): Node<"location">[] => [nginx.return(PERMANENT, target)];

/** Sends visitors to the same address on another host. */
export const redirectHost = (origin: readonly Value[]): Node<"location">[] => [
  nginx.return(PERMANENT, ...origin, v.request_uri),
];

/** A path and the form that its pages have. */
export interface Slashes {
  readonly path: Path;
  readonly form: "append" | "remove";
}

const TARGET = ownVariable("slash_redirect");
const PAGE = ownVariable("page");

/** nginx's own addresses and files. */
const NOT_THESE = "(?!\\/(healthz$|healthz\\/app$|static\\/|media\\/))";

/** Letters, digits and a few signs: nothing that could end a header, and no dot, for names with one are files. */
const REST = "[/\\w~-]*";
const LAST = "[\\w~-]";

function pattern({ path, form }: Slashes): string {
  const below = path.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return form === "append"
    ? `^${NOT_THESE}(?<page>${below}${REST}${LAST})$`
    : `^${NOT_THESE}(?<page>${below}${REST}${LAST})/$`;
}

/**
 * One address for each page: with a slash at its end, or without. Decided in the server: in a location it would come before
 * that location's access lists (gixy: return_bypasses_allow_deny).
 * @param places Longer paths first: the first that fits counts.
 */
export const trailingSlash = (
  places: readonly Slashes[],
): { readonly http: Node<"http">[]; readonly server: Node<"server">[] } =>
  places.length === 0
    ? { http: [], server: [] }
    : {
        http: [
          nginx.map(
            v.uri,
            TARGET,
            nginx.map_value("default", ""),
            ...places.map((place) =>
              nginx.map_match({ pattern: pattern(place) }, place.form === "append" ? text`${PAGE}/` : [PAGE]),
            ),
          ),
        ],
        server: [nginx.if_set(TARGET, nginx.return(PERMANENT, TARGET, v.is_args, v.args))],
      };
