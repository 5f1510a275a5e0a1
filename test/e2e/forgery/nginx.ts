import { docker } from "../strangers/docker.ts";
import type { ForgeryStack } from "./stack.ts";

const LABEL = "wsgi-on-aws-test=forgery";
const LOCKED = ["--read-only", "--tmpfs", "/tmp", "--cap-drop", "ALL", "--security-opt", "no-new-privileges"];
const START = `printf '%s' "$CONF" >/tmp/nginx.conf && exec nginx -c /tmp/nginx.conf -g 'daemon off;'`;

/**
 * Starts the nginx of a stack once more, before the same Gunicorns.
 * @param options Further options of `docker run`.
 * @param prepare Shell commands that run before it.
 * @returns id of the container
 */
export function startNginx(stack: ForgeryStack, conf: string, options: readonly string[], prepare = "true"): string {
  const run = ["run", "--detach", "--label", LABEL, "--group-add", "10001", "--env", `CONF=${conf}`];
  const sockets = ["--volume", `${stack.sockets()}:/run/gunicorn`];
  const command = ["sh", "-c", `${prepare}; ${START}`];
  return docker([...run, ...LOCKED, ...sockets, ...options, stack.image("nginx"), ...command]).trim();
}
