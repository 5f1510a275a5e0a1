import type { Site } from "../../components/nginx/index.ts";

/** The site of the stack `local` with its default settings. */
export const LOCAL: Site = {
  listen: 8080,
  statusPort: 8081,
  publicPort: 8080,
  tls: false,
  workers: { processes: "auto", connections: 4096 },
  upstream: { kind: "sockets", paths: ["/run/gunicorn/gunicorn-1.sock", "/run/gunicorn/gunicorn-2.sock"] },
  balancing: { method: "round-robin", maxFails: 0, keepalive: 32 },
  staticFiles: true,
  media: true,
  requestTimeout: "30s",
  clientTimeouts: { header: "10s", body: "15s", send: "30s" },
  uploadLimit: "10m",
  securityHeaders: { "X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin" },
  errorPages: {},
  paths: {},
  health: { path: "/healthz", host: "localhost" },
};
