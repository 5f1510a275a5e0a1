import type { Site } from "../../components/nginx/index.ts";

/** The site of the stack `local` with its default settings. */
export const LOCAL: Site = {
  listen: 8080,
  publicPort: 8080,
  upstream: { kind: "sockets", paths: ["/run/gunicorn/gunicorn-1.sock", "/run/gunicorn/gunicorn-2.sock"] },
  staticFiles: true,
  media: true,
  requestTimeout: "30s",
  uploadLimit: "10m",
  paths: {},
  health: { path: "/healthz", host: "localhost" },
};
