import { nginx } from "../build.ts";
import type { Node } from "../model.ts";

const TYPES = [
  "text/css",
  "text/plain",
  "text/xml",
  "text/javascript",
  "application/javascript",
  "application/json",
  "application/manifest+json",
  "application/xml",
  "image/svg+xml",
];

/**
 * Pages compressed on the fly (text/html always is). BREACH guesses a secret that stands in a compressed page beside text that
 * the attacker chooses: Django masks its CSRF token anew in each page, so the usual secret is safe. An application
 * with another one answers `Content-Encoding: identity`, which nginx leaves alone.
 */
export const compression = (): Node<"http">[] => [
  nginx.gzip("on"),
  nginx.gzip_vary("on"),
  nginx.gzip_proxied("any"),
  nginx.gzip_comp_level(4),
  nginx.gzip_min_length(512),
  nginx.gzip_types(...TYPES),
];
