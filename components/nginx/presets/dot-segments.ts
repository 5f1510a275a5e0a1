import { nginx } from "../build.ts";
import type { Node } from "../model.ts";
import { ownVariable, v } from "../values.ts";

const DOTS = ownVariable("dot_segments");

/** A segment `.` or `..` before the query, also in hexadecimal. Browsers resolve them before they ask. */
const PATTERN = "^[^?#]*(/|%2[Ff])(\\.|%2[Ee]){1,2}(/|%2[Ff]|[?#]|$)";

/**
 * Refuses a path with dot segments. nginx judges by the path that it has resolved, and hands on the one that was written: for
 * `/internal/../x` the rules of `/x` would count, while a view below `/internal/` answers.
 */
export const dotSegments = (): { readonly http: Node<"http">; readonly server: Node<"server"> } => ({
  http: nginx.map(v.request_uri, DOTS, nginx.map_value("default", ""), nginx.map_match({ pattern: PATTERN }, "1")),
  server: nginx.if_set(DOTS, nginx.return(400)),
});
