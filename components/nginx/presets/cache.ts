import type { Cache } from "../arguments.ts";
import { nginx } from "../build.ts";
import type { Node } from "../model.ts";
import { v } from "../values.ts";
import type { Time } from "../values.ts";

/** Who has one of these is somebody: session, form and message cookies of Django and Flask. */
const VISITOR = [v.cookie_sessionid, v.cookie_session, v.cookie_csrftoken, v.cookie_messages, v.http_authorization];

const PAGES: Cache = { directory: "/tmp/pages", zone: "pages", memory: "10m", maxSize: "64m", inactive: "10m" };

/** A cache for whole pages, in two places that belong together. */
export interface PageCache {
  readonly zone: Node<"http">;
  /** For a path that its owner has declared the same for everybody: never `location /`, where it would slow down the rest. */
  readonly pages: (keep: Time) => Node<"location">[];
}

/**
 * Answers from memory what the application computed a moment ago. One request at a time renders a page (lock); the others
 * get the last one while it is renewed, or while the application is down. Nothing personal is kept: a visitor with a
 * cookie or a password passes by, an answer that sets a cookie is not stored (so no page with a form of Django's), and
 * what the application says (`private`, `no-store`, `Vary`) is obeyed.
 */
export const pageCache = (): PageCache => ({
  zone: nginx.proxy_cache_path(PAGES),
  pages: (keep) => [
    nginx.proxy_cache(PAGES.zone),
    nginx.proxy_cache_key(v.scheme, "://", v.host, v.request_uri),
    nginx.proxy_cache_valid(200, keep),
    nginx.proxy_cache_lock("on"),
    nginx.proxy_cache_lock_timeout("5s"),
    nginx.proxy_cache_use_stale("error", "timeout", "updating", "http_500", "http_502", "http_503", "http_504"),
    nginx.proxy_cache_background_update("on"),
    nginx.proxy_cache_bypass(...VISITOR),
    nginx.proxy_no_cache(...VISITOR, v.upstream_http_set_cookie),
    nginx.add_header("X-Cache-Status", v.upstream_cache_status, "always"),
  ],
});
