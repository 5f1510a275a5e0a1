import assert from "node:assert/strict";
import { siteText } from "../../components/nginx/index.ts";
import type { Site } from "../../components/nginx/index.ts";
import { ask, until } from "./http-client.ts";
import type { Answer } from "./http-client.ts";
import { startLab } from "./real-nginx.ts";
import type { Lab } from "./real-nginx.ts";
import { LOCAL } from "./sites.ts";

/** A line for each thing that reached the application. */
const ECHO = [
  "uri=$request_uri",
  "host=$http_host",
  "xff=$http_x_forwarded_for",
  "real=$http_x_real_ip",
  "proto=$http_x_forwarded_proto",
  "id=$http_x_request_id",
  "forwarded=$http_forwarded",
  "fhost=$http_x_forwarded_host",
  "fport=$http_x_forwarded_port",
  "fprefix=$http_x_forwarded_prefix",
  "fssl=$http_x_forwarded_ssl",
  "fprotocol=$http_x_forwarded_protocol",
  "unique=$request_id",
  "",
].join("\\n");

/**
 * The application is a second nginx that answers with what reached it. Only the first of the two sockets exists: every other
 * request goes to a dead Gunicorn first.
 */
const APP = `pid /tmp/app.pid; error_log /dev/null;
events {}
http {
  access_log off; absolute_redirect off; default_type text/html; client_max_body_size 0;
  client_body_temp_path /tmp/a1; proxy_temp_path /tmp/a2; fastcgi_temp_path /tmp/a3; uwsgi_temp_path /tmp/a4; scgi_temp_path /tmp/a5;
  server {
    listen unix:/run/gunicorn/gunicorn-1.sock;
    location / { add_header X-Request-ID "the application's"; return 200 "${ECHO}"; }
    location /cached/cookie { add_header Set-Cookie csrftoken=abc; return 200 "${ECHO}"; }
    location /cached/private { add_header Cache-Control private; return 200 "${ECHO}"; }
    location /cached/missing { return 404; }
    location /cached/long { return 200 "${"x".repeat(2000)}"; }
    location /long { return 200 "${"x".repeat(2000)}"; }
    location /login { return 302 /elsewhere/; }
  }
}`;

/** What the echo says, by the names above. */
export interface Echo extends Answer {
  readonly fields: Readonly<Record<string, string | undefined>>;
}

/** The site of the stack `local` in front of an application that answers with what reached it. */
export interface EchoLab extends Lab {
  readonly get: (path: string, headers?: Readonly<Record<string, string>>) => Promise<Answer>;
  readonly echo: (path: string, headers?: Readonly<Record<string, string>>) => Promise<Echo>;
  /** Puts a file into the container. */
  readonly write: (path: string, content: string) => Promise<void>;
}

/**
 * @param change What differs from the site of the stack `local`.
 * @param begins The first page's status, once all of it runs.
 */
export async function startEchoLab(change: Partial<Site> = {}, begins = 200): Promise<EchoLab> {
  const files = { "nginx.conf": siteText({ ...LOCAL, ...change }), "app.conf": APP };
  const lab = await startLab(["nginx", "-c", "/lab/nginx.conf", "-g", "daemon off;"], files);
  await lab.spawn(["nginx", "-c", "/lab/app.conf", "-g", "daemon off;"]);
  const get: EchoLab["get"] = (path, headers = {}) => ask(lab.port, path, { Host: "example.com:8080", ...headers });
  try {
    await until(
      () => get("/"),
      ({ status }) => status === begins,
    );
  } catch (error) {
    await lab.remove();
    throw error;
  }
  return {
    ...lab,
    get,
    echo: async (path, headers) => {
      const answer = await get(path, headers);
      const lines = answer.body.toString().split("\n");
      const fields = Object.fromEntries(lines.map((line) => [line.replace(/=.*/, ""), line.replace(/^\w+=/, "")]));
      return { ...answer, fields };
    },
    write: async (path, content) => {
      const { code, stderr } = await lab.exec(["sh", "-c", `mkdir -p "$(dirname ${path})" && cat > ${path}`], content);
      assert.equal(code, 0, stderr);
    },
  };
}
