import { isIP } from "node:net";
import type { Pattern, Value, Variable, Word } from "./model.ts";
import { UserError } from "../shared/user-error.ts";
import { count, path, rate, size, time } from "./values.ts";
import type { Path, Rate, Size, Time } from "./values.ts";

// The arguments of directives that need more than a unit: what may be written, and the words that it becomes.

export type Switch = "on" | "off";

/** One value of a header or a cache key: plain, or put together with {@link text}. */
export type Text = Value | readonly Value[];

/** A network of IPv4 or IPv6 addresses, or one address: `192.0.2.0/24`, `2001:db8::/32`, `192.0.2.7`. */
export type Network = `${string}.${string}` | `${string}:${string}`;

/** Whether a text is an address, or one with the length of a network's prefix. */
export function isNetwork(value: string): value is Network {
  const [address = "", prefix, ...more] = value.split("/");
  const bits = isIP(address) === 6 ? 128 : 32;
  const length = prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= bits);
  return isIP(address) > 0 && more.length === 0 && length;
}

/** Takes a text for a network. @throws {UserError} It is neither an address nor a network. */
export function network(value: string): Network {
  if (isNetwork(value)) return value;
  const what = `${JSON.stringify(value)} is not an address or a network.`;
  throw new UserError([{ where: "value", what, remedy: 'Write "203.0.113.7", "203.0.113.0/24" or "2001:db8::/32".' }]);
}

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

/** A Gunicorn as the upstream sees it. */
export interface UpstreamServer {
  readonly address: Address;
  /** Share of the requests beside the others' weights. @default 1 */
  readonly weight?: number;
  /** Asked only when all others fail. */
  readonly backup?: boolean;
  /** Failures within `failTimeout` after which it is left out for as long; 0 for never. */
  readonly maxFails: number;
  readonly failTimeout?: Time;
}

export const upstreamServer = ({ address, weight, backup, maxFails, failTimeout }: UpstreamServer): readonly Word[] => [
  address,
  ...(weight === undefined ? [] : [`weight=${count(weight)}`]),
  `max_fails=${count(maxFails)}`,
  ...(failTimeout === undefined ? [] : [`fail_timeout=${time(failTimeout)}`]),
  ...(backup ? ["backup"] : []),
];

/** A zone that counts the requests of each client. */
export interface RateZone {
  readonly zone: string;
  readonly memory: Size;
  readonly rate: Rate;
}

export const rateZone = (key: Variable, { zone, memory, rate: allowed }: RateZone): readonly Word[] => [
  key,
  `zone=${zone}:${size(memory)}`,
  `rate=${rate(allowed)}`,
];

/** Conditions that hold when any variable is neither empty nor "0". */
export type Conditions = readonly Variable[];
