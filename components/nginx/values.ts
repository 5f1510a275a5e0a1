import { UserError } from "../shared/user-error.ts";
import type { LineFeed, Value, Variable } from "./model.ts";

/** A number of bytes: `64k`, `2m`, `1g` (https://nginx.org/en/docs/syntax.html). */
export type Size = `${number}${"k" | "m" | "g"}`;

/** A duration in whole seconds, minutes, hours or days: `30s`, `5m`, `1h`, `30d`. */
export type Time = `${number}${"s" | "m" | "h" | "d"}`;

/** Requests in a second or a minute: `10r/s`, `300r/m` (https://nginx.org/en/docs/http/ngx_http_limit_req_module.html). */
export type Rate = `${number}r/${"s" | "m"}`;

/** An address path on the site. */
export type Path = `/${string}`;

const refuse = (value: unknown, kind: string, remedy: string): never => {
  throw new UserError([{ where: "value", what: `${JSON.stringify(value)} is not ${kind}.`, remedy }]);
};

// The types admit `1.5s`, `1e3s` and `-1k`, nginx does not, and YAML knows no types: checked again at run time.

/** Takes a text for a time. @throws {UserError} nginx cannot read it. */
export const time = (value: string): Time =>
  /^\d{1,9}[smhd]$/.test(value)
    ? (value as Time)
    : refuse(value, "a time", "Write a whole number and a unit: 30s, 5m, 1h or 30d.");

/** Takes a text for a size. @throws {UserError} nginx cannot read it. */
export const size = (value: string): Size =>
  /^\d{1,9}[kmg]$/.test(value)
    ? (value as Size)
    : refuse(value, "a size", "Write a whole number and a unit: 512k, 2m or 1g.");

/** Takes a text for a path. @throws {UserError} It has no leading slash: nginx reads `= /x`, `~ x` and `@x` in another way. */
export const path = (value: string): Path =>
  value.startsWith("/") ? (value as Path) : refuse(value, "a path", "Begin it with a slash.");

/** Takes a text for a rate. @throws {UserError} nginx cannot read it. */
export const rate = (value: string): Rate =>
  /^[1-9]\d{0,5}r\/[sm]$/.test(value)
    ? (value as Rate)
    : refuse(value, "a rate", "Write requests in a second or a minute: 10r/s or 300r/m.");

/** A whole number as text. @throws {UserError} It is negative or not whole. */
export const count = (value: number): string =>
  Number.isSafeInteger(value) && value >= 0
    ? String(value)
    : refuse(value, "a whole number", "Write 0 or a larger whole number.");

const VARIABLES = [
  "args",
  "binary_remote_addr",
  "body_bytes_sent",
  "cookie_csrftoken",
  "cookie_django_language",
  "cookie_messages",
  "cookie_session",
  "cookie_sessionid",
  "host",
  "http_accept_encoding",
  "http_authorization",
  "http_cache_control",
  "http_referer",
  "http_upgrade",
  "http_user_agent",
  "is_args",
  "proxy_add_x_forwarded_for",
  "remote_addr",
  "request_id",
  "request_method",
  "request_time",
  "request_uri",
  "scheme",
  "server_protocol",
  "status",
  "time_iso8601",
  "upstream_addr",
  "upstream_cache_status",
  "upstream_http_set_cookie",
  "upstream_response_time",
  "upstream_status",
  "uri",
] as const;

/** The variables in use (https://nginx.org/en/docs/varindex.html): `v.host` is nginx's `$host`. One more is one more name. */
export const v = Object.fromEntries(VARIABLES.map((variable) => [variable, { variable }])) as Readonly<
  Record<(typeof VARIABLES)[number], Variable>
>;

/** A variable that a `map` or `geo` of ours sets, or nginx's own for a header (`upstream_http_etag`). @throws {UserError} No name. */
export const ownVariable = (name: string): Variable =>
  /^[a-z][a-z0-9_]*$/.test(name)
    ? { variable: name }
    : refuse(name, "the name of a variable", "Write small letters, digits and _.");

/** The end of a line in a response body. */
export const lineFeed: LineFeed = { lineFeed: true };

/** Text with variables in it: `` text`${v.scheme}://${v.host}` ``. */
export const text = (literals: TemplateStringsArray, ...values: readonly Value[]): readonly Value[] =>
  literals.flatMap((literal, index) => [literal, values[index] ?? ""]).filter((part) => part !== "");
