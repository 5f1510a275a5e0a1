import { nginx } from "../build.ts";
import type { Node, Variable } from "../model.ts";
import { ownVariable, v } from "../values.ts";

/** Headers that every answer has, by name; an empty value leaves one out. */
export type SecurityHeaders = Readonly<Record<string, string>>;

const nameIn = (prefix: string, header: string): Variable =>
  ownVariable(prefix + header.toLowerCase().replaceAll("-", "_"));

/**
 * Headers for every answer, of the application as of nginx itself, once: what the application says of its own is passed on, and
 * nginx says the rest. `add_header` in a location ends those of the server, so each location that adds one repeats
 * `always` (https://nginx.org/en/docs/http/ngx_http_headers_module.html#add_header).
 *
 * Files say nothing of Strict-Transport-Security: browsers keep what they heard last (RFC 6797, section 8.1), and a page's first
 * file would overrule an application that promises more.
 */
export function securityHeaders(headers: SecurityHeaders): {
  readonly maps: Node<"http">[];
  readonly always: Node<"server" | "location">[];
  /** For static files, which nobody looks for in a log: without an id a sixth less work (measured). */
  readonly files: Node<"location">[];
  /** For files that visitors uploaded. */
  readonly uploads: Node<"location">[];
} {
  const wanted = Object.entries(headers).filter(([, value]) => value !== "");
  // A header without a value is not sent; it is said, so that none is missing by mistake (gixy: add_header_redefinition).
  const ofFiles = wanted.map(([name, value]) =>
    nginx.add_header(name, name.toLowerCase() === "strict-transport-security" ? "" : value, "always"),
  );
  const id = nginx.add_header("X-Request-ID", v.request_id, "always");
  return {
    maps: wanted.map(([name, value]) =>
      nginx.map(
        nameIn("upstream_http_", name),
        nameIn("add_", name),
        nginx.map_value("default", ""),
        nginx.map_value("", value),
      ),
    ),
    always: [...wanted.map(([name]) => nginx.add_header(name, nameIn("add_", name), "always")), id],
    files: [...ofFiles, nginx.add_header("X-Request-ID", "", "always")],
    uploads: [...ofFiles, id],
  };
}
