import { nginx } from "../build.ts";
import type { Node } from "../model.ts";
import type { Time } from "../values.ts";

/** Files that nginx serves itself. Both paths end in a slash: without it `/static../` reads outside the folder. */
export interface Files {
  readonly url: `/${string}/`;
  readonly directory: `/${string}/`;
  /** How long a browser keeps a file without asking again. */
  readonly expires: Time;
}

/** What every answer says (headers.ts), for a location that adds a header of its own. */
export type FileHeaders = readonly Node<"location">[];

/** Any folder of files. */
export const staticFiles = ({ url, directory, expires }: Files, ...more: Node<"location">[]): Node<"server"> =>
  nginx.location(url, nginx.alias(directory), nginx.expires(expires), ...more);

/**
 * Files as the image builds them: compressed beforehand (57 times faster than on the fly, measured) and, under their
 * hashed names, never to be asked for again. Every answer has one Cache-Control: `expires` makes it, or the inner location.
 */
export const builtStaticFiles = (files: Files, headers: FileHeaders, ...more: Node<"location">[]): Node<"server"> =>
  staticFiles(
    files,
    nginx.gzip_static("on"),
    nginx.brotli_static("on"),
    nginx.access_log("off"),
    ...more,
    ...headers,
    // ManifestStaticFilesStorage: name.<12 hex digits>.extension
    nginx.location(
      /\.[0-9a-f]{12}\.[^/.]+$/,
      nginx.expires("off"),
      nginx.add_header("Cache-Control", "public, max-age=31536000, immutable"),
      ...headers,
    ),
  );

/**
 * Files that visitors uploaded. A page among them must not run as part of the site: `sandbox` takes its origin away, and
 * nothing is loaded or guessed. Images, audio and video show as before in the site's pages, since these rules bind a file only
 * where it is opened by itself. One hour: a file that is deleted for good reason does not live on in caches for a month.
 */
export const uploadedFiles = (
  files: Omit<Files, "expires">,
  headers: FileHeaders,
  ...more: Node<"location">[]
): Node<"server"> =>
  staticFiles(
    { ...files, expires: "1h" },
    ...more,
    ...headers,
    nginx.add_header("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; sandbox", "always"),
  );

/**
 * Keeps files open between requests. A file that was not there is looked for again each time, and one that was replaced is
 * noticed within a second: static files are published, and media uploaded, while nginx runs.
 */
export const openFiles = (): Node<"http">[] => [
  nginx.open_file_cache(10_000, "60s"),
  nginx.open_file_cache_valid("1s"),
  nginx.open_file_cache_min_uses(2),
  nginx.open_file_cache_errors("off"),
];

/** The module behind `brotli_static`, which Debian packages separately. */
export const BROTLI_STATIC = "ngx_http_brotli_static_module";
