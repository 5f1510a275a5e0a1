import { nginx } from "../build.ts";
import type { Node, Value, Variable } from "../model.ts";
import { v } from "../values.ts";

const FORMAT = "json";

/** Written as numbers; everything else is a string, since several upstreams make a list of it. */
const NUMBERS: ReadonlySet<Variable> = new Set([v.status, v.body_bytes_sent, v.request_time]);

const FIELDS: Readonly<Record<string, Variable>> = {
  time: v.time_iso8601,
  id: v.request_id,
  client: v.remote_addr,
  method: v.request_method,
  host: v.host,
  uri: v.request_uri,
  protocol: v.server_protocol,
  status: v.status,
  bytes: v.body_bytes_sent,
  seconds: v.request_time,
  upstream: v.upstream_addr,
  upstream_status: v.upstream_status,
  upstream_seconds: v.upstream_response_time,
  cache: v.upstream_cache_status,
  agent: v.http_user_agent,
  referer: v.http_referer,
};

/** One JSON object for each request on the container's log, at most a second late: a write for each request costs a fifth of the speed. */
export const jsonLog = (): Node<"http">[] => [
  nginx.log_format(FORMAT, ...jsonObject()),
  nginx.access_log({ path: "/dev/stdout", format: FORMAT, buffer: "64k", flush: "1s" }),
];

function jsonObject(): Value[] {
  const fields = Object.entries(FIELDS).flatMap(([name, variable], index): Value[] => {
    const quote = NUMBERS.has(variable) ? "" : '"';
    return [`${index > 0 ? "," : ""}"${name}":${quote}`, variable, quote];
  });
  return ["{", ...fields, "}"];
}
