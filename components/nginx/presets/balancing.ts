import { isAtLeast } from "../render.ts";
import type { Address, UpstreamServer } from "../arguments.ts";
import { nginx } from "../build.ts";
import type { Node } from "../model.ts";
import { v } from "../values.ts";
import type { Time } from "../values.ts";

/** The group of Gunicorns behind the site. */
export const APP = "gunicorn";

/** How requests are shared between the Gunicorns behind one nginx. */
export interface Balancing {
  /** In turn, to the one with the fewest open requests, or always the same one for a client's address or a URI. */
  readonly method: "round-robin" | "least-connections" | "client" | "uri";
  /** Shares of the Gunicorns, in their order; all the same where absent. */
  readonly weights?: readonly number[];
  /** Numbers (from 1) of Gunicorns that are asked only when the others fail. */
  readonly backup?: readonly number[];
  /** Failures after which nginx leaves a Gunicorn alone for `failTimeout`; 0 for never. */
  readonly maxFails: number;
  readonly failTimeout?: Time;
  /** Idle connections to Gunicorn that each process of nginx keeps for the next request; 0 for none. */
  readonly keepalive: number;
}

const METHODS: Readonly<Record<Balancing["method"], readonly Node<"upstream">[]>> = {
  "round-robin": [],
  "least-connections": [nginx.least_conn()],
  // Consistent: one Gunicorn more or less moves only its share of the clients.
  client: [nginx.hash(v.remote_addr)],
  uri: [nginx.hash(v.request_uri)],
};

/**
 * The Gunicorns that share the requests. Unless asked otherwise `max_fails=0`: nginx gives up on a Gunicorn for ten seconds after
 * one failure, and on all of them during a rolling restart (7.6-8.1 s of 502, measured).
 * Kept connections save a seventh of the work of a small answer (measured), and fail POSTs on Gunicorn up to 27.0.0 whenever
 * a worker ends; nginx 1.29.7 and newer keep some unless told not to.
 * @param idle How long a connection is kept, in seconds.
 */
export function appServers(
  addresses: readonly Address[],
  balancing: Balancing,
  idle: number | undefined,
  version: string,
): Node<"http"> {
  const off = "1.29.7";
  return nginx.upstream(
    APP,
    nginx.zone(APP, "64k"),
    ...METHODS[balancing.method],
    ...addresses.map((address, index) => nginx.upstream_server(server(address, index, balancing))),
    ...(idle === undefined ? [] : [nginx.keepalive(balancing.keepalive), nginx.keepalive_timeout(`${idle}s`)]),
    ...(idle === undefined && isAtLeast(version, off) ? [nginx.keepalive_off()] : []),
  );
}

const server = (address: Address, index: number, balancing: Balancing): UpstreamServer => ({
  address,
  ...(balancing.weights?.[index] !== undefined && { weight: balancing.weights[index] }),
  ...(balancing.backup?.includes(index + 1) && { backup: true }),
  maxFails: balancing.maxFails,
  ...(balancing.failTimeout !== undefined && { failTimeout: balancing.failTimeout }),
});
