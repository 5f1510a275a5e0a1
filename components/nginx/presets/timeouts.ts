import type { Timeouts } from "../../edge/timeouts.ts";
import { nginx } from "../build.ts";
import type { Node } from "../model.ts";

/** Cuts off slow clients: with nginx's defaults 1,500 of them held every connection, and 69-77 % of the other requests failed. */
export const clientTimeouts = ({ client }: Timeouts): Node<"http">[] => [
  nginx.keepalive_timeout(`${client.keepalive}s`),
  nginx.client_header_timeout(`${client.header}s`),
  nginx.client_body_timeout(`${client.body}s`),
  nginx.send_timeout(`${client.send}s`),
  nginx.reset_timedout_connection("on"),
];

/**
 * A request goes to another Gunicorn when the first does not take it or dies over it, but not when it is slow, and a POST
 * only when the first did not take it: it never runs twice.
 * Waiting for the answer is bounded by {@link answerWithin}.
 */
export const retry = ({ upstream }: Timeouts): Node<"http">[] => [
  nginx.proxy_connect_timeout(`${upstream.connect}s`),
  nginx.proxy_next_upstream("error", "timeout", "http_502", "http_503"),
  nginx.proxy_next_upstream_tries(2),
  nginx.proxy_next_upstream_timeout(`${upstream.retry}s`),
];

/** How long the application may take, in seconds. */
export const answerWithin = (seconds: number): Node<"http" | "server" | "location">[] => [
  nginx.proxy_read_timeout(`${seconds}s`),
  nginx.proxy_send_timeout(`${seconds}s`),
];
