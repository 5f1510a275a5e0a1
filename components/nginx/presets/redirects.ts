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
  /** `off` leaves them as they are. */
  readonly form: "append" | "remove" | "off";
}

const TARGET = ownVariable("slash_redirect");
const PAGE = ownVariable("page");

/** Letters, digits and a few signs: nothing that could end a header, and no dot, for names with one are files. */
const REST = "[/\\w~-]*";
const LAST = "[\\w~-]";

const escaped = (path: string): string => path.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** The path's own address is one of its pages. */
const pages = (path: Path): string => {
  const below = escaped(path.slice(0, -1));
  return below === "" ? `/${REST}${LAST}` : `${below}(?:/${REST}${LAST})?`;
};

/** What is sent on, and that everything else of the path stays as it is, whatever a shorter path says. */
function entries({ path, form }: Slashes): Node<"map">[] {
  const all = path.endsWith("/") ? `^${escaped(path.slice(0, -1))}(/|$)` : `^${escaped(path)}$`;
  const kept = nginx.map_match({ pattern: all }, "");
  if (form === "off") return [kept];
  const [end, target] = form === "append" ? ["", text`${PAGE}/`] : ["/", [PAGE]];
  return [nginx.map_match({ pattern: `^(?<page>${pages(path)})${end}$` }, target), ...(path === "/" ? [] : [kept])];
}

/**
 * One address for each page: with a slash at its end, or without. Decided in the server: in a location it would come before
 * that location's access lists (gixy: return_bypasses_allow_deny).
 * @param places Nearer ones first: the first that fits counts.
 * @param own What nginx answers itself; see {@link ownAddresses}.
 */
export const trailingSlash = (
  places: readonly Slashes[],
  own: string,
): { readonly http: Node<"http">[]; readonly server: Node<"server">[] } =>
  places.length === 0
    ? { http: [], server: [] }
    : {
        http: [
          nginx.map(
            v.uri,
            TARGET,
            nginx.map_value("default", ""),
            nginx.map_match({ pattern: `^/${own}` }, ""),
            ...places.flatMap(entries),
          ),
        ],
        server: [nginx.if_set(TARGET, nginx.return(PERMANENT, TARGET, v.is_args, v.args))],
      };
