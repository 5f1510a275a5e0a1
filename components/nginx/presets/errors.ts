import type { Network } from "../arguments.ts";
import { nginx } from "../build.ts";
import type { Node } from "../model.ts";
import { ownVariable, text, v } from "../values.ts";
import type { Path } from "../values.ts";

/** Static files that are shown for errors of nginx, by status. The application's own error answers stay as they are. */
export type ErrorPages = Readonly<Record<string, Path>>;

/**
 * Pages of the project for what nginx answers itself: the application is down or too slow, a limit is reached. They come from
 * the disk, whoever may see the rest of the site, and no cache keeps them.
 * @param folder Where the files of `/static/` lie.
 */
export function errorPages(
  pages: ErrorPages,
  folder: `/${string}/`,
  headers: readonly Node<"location">[],
): Node<"server">[] {
  const byPage = Object.groupBy(Object.entries(pages), ([, page]) => page);
  return Object.entries(byPage).flatMap(([page, entries = []]) => [
    nginx.error_page(
      entries.map(([status]) => Number(status)),
      page as Path,
    ),
    nginx.location(
      { exact: page as Path },
      nginx.alias(`${folder}${page.replace(/^\/static\//, "")}`),
      nginx.add_header("Cache-Control", "no-store", "always"),
      ...headers,
    ),
  ]);
}

/** The site is closed for a while. */
export interface Maintenance {
  /** Who may use it all the same. */
  readonly allow: readonly Network[];
}

const VISITOR = ownVariable("maintenance_for");
const CLOSED = ownVariable("maintenance");

/**
 * Answers 503 in the application's place. Decided in the server and not in each location, where it would come before that
 * location's access lists (gixy: return_bypasses_allow_deny).
 * @param own What nginx answers itself, which stays: health checks must not stop the containers, and the page for 503 is a
 * file; see `ownAddresses`.
 */
export const maintenance = (
  { allow }: Maintenance,
  own: string,
): { readonly http: Node<"http">[]; readonly server: Node<"server"> } => ({
  http: [
    nginx.geo(VISITOR, nginx.geo_network("default", "1"), ...allow.map((network) => nginx.geo_network(network, "0"))),
    nginx.map(
      text`${VISITOR}:${v.uri}`,
      CLOSED,
      nginx.map_volatile(), // asked again for the page that is shown
      nginx.map_value("default", "0"),
      nginx.map_match({ pattern: `^1:/${own}` }, "0"),
      nginx.map_match({ pattern: "^1:" }, "1"),
    ),
  ],
  server: nginx.if_set(CLOSED, nginx.return(503)),
});
