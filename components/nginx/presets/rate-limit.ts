import { nginx } from "../build.ts";
import type { Node } from "../model.ts";
import { v } from "../values.ts";
import type { Path, Rate } from "../values.ts";

/** How often one client may come to a path. */
export interface RateLimit {
  readonly rate: Rate;
  /** Requests that may come at once before the rate counts. */
  readonly burst: number;
  /** Only log what would be refused. */
  readonly dryRun: boolean;
}

/** Counts about 80,000 clients (https://nginx.org/en/docs/http/ngx_http_limit_req_module.html). */
const MEMORY = "10m";

const zoneOf = (path: Path): string => `rate${path.replaceAll(/[^A-Za-z0-9._~/-]/g, "_")}`;

/**
 * A limit for each client's address, never for a header that a client can write. Whoever is over it gets 429 at once: a
 * delay would keep the connection open.
 * @param path The path whose rule says so; all below it count together.
 */
export const rateLimit = (
  path: Path,
  { rate, burst, dryRun }: RateLimit,
): { readonly zone: Node<"http">; readonly limit: Node<"location">[] } => ({
  zone: nginx.limit_req_zone(v.binary_remote_addr, { zone: zoneOf(path), memory: MEMORY, rate }),
  limit: [
    nginx.limit_req(zoneOf(path), burst),
    nginx.limit_req_status(429),
    ...(dryRun ? [nginx.limit_req_dry_run("on")] : []),
  ],
});
