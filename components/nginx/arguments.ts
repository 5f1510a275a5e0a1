import type { Pattern, Value, Variable, Word } from "./model.ts";
import { path, size, time } from "./values.ts";
import type { Path, Size, Time } from "./values.ts";

// The arguments of directives that need more than a unit: what may be written, and the words that it becomes.

export type Switch = "on" | "off";

/** One value of a header or a cache key: plain, or put together with {@link text}. */
export type Text = Value | readonly Value[];

/** An address of the upstream. A Unix socket refuses at once where an address whose container is gone waits for a timeout. */
export type Address = `unix:/${string}` | `${string}:${number}`;

/** A network of IPv4 addresses, as `10.0.0.0/24`. */
export type Cidr = `${number}.${number}.${number}.${number}/${number}`;

/** When a request may go to the next server. Never `non_idempotent`: a POST must not run twice (docs/nginx.md, Presets). */
export type Retry = "error" | "timeout" | "http_502" | "http_503";

/** When an old page may be served from the cache. */
export type Stale = "error" | "timeout" | "updating" | "http_500" | "http_502" | "http_503" | "http_504";

/** Where a location applies: everything below a path, exactly one path, or a regular expression over the path. */
export type Place = Path | { readonly exact: Path } | RegExp;

export function place(where: Place): readonly Word[] {
  if (typeof where === "string") return [path(where)];
  if ("exact" in where) return ["=", path(where.exact)];
  const pattern: Pattern = { pattern: where.source.replaceAll(String.raw`\/`, "/") };
  return [where.ignoreCase ? "~*" : "~", pattern];
}

/** Where accesses are logged; nginx writes after `flush` or when `buffer` is full. */
export interface AccessLog {
  readonly path: Path;
  readonly format: string;
  readonly buffer: Size;
  readonly flush: Time;
}

export const accessLog = (log: "off" | AccessLog): readonly Word[] =>
  log === "off" ? [log] : [path(log.path), log.format, `buffer=${size(log.buffer)}`, `flush=${time(log.flush)}`];

/** A cache on disk: `memory` holds its keys, `maxSize` bounds its files, unused pages leave after `inactive`. */
export interface Cache {
  readonly directory: Path;
  readonly zone: string;
  readonly memory: Size;
  readonly maxSize: Size;
  readonly inactive: Time;
}

export const cachePath = ({ directory, zone, memory, maxSize, inactive }: Cache): readonly Word[] => [
  directory,
  "levels=1:2",
  `keys_zone=${zone}:${size(memory)}`,
  `max_size=${size(maxSize)}`,
  `inactive=${time(inactive)}`,
  "use_temp_path=off",
];

/** Conditions that hold when any variable is neither empty nor "0". */
export type Conditions = readonly Variable[];
