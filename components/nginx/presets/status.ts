import { nginx } from "../build.ts";
import type { Node } from "../model.ts";
import { nginxHealth } from "./health.ts";

/**
 * A port for whoever is inside the container or its task: `/healthz` without TLS, and nginx's counters at `/status`
 * (https://nginx.org/en/docs/http/ngx_http_stub_status_module.html).
 */
export const statusServer = (port: number): Node<"http"> =>
  nginx.server(
    nginx.listen_local(port),
    nginxHealth("/healthz"),
    nginx.location(
      { exact: "/status" },
      nginx.access_log("off"),
      nginx.allow("127.0.0.1"),
      nginx.deny("all"),
      nginx.stub_status(),
    ),
    nginx.location("/", nginx.access_log("off"), nginx.return(404)),
  );
