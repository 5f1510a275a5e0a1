import { nginx } from "./build.ts";
import type { Node } from "./model.ts";
import { contentTypes } from "./presets/process.ts";
import { forwarded } from "./presets/proxy.ts";
import { staticFiles } from "./presets/static.ts";
import { v } from "./values.ts";

/**
 * The nginx.conf that this project began with, out of the presets of today: what a stack's configuration differs in is
 * then a list with reasons (test/nginx/golden.test.ts). Nothing deploys it.
 */
export const originalNodes = (): Node<"main">[] => [
  nginx.events(nginx.worker_connections(1024)),
  nginx.http(
    ...contentTypes("mime.types"),
    nginx.sendfile("on"),
    nginx.keepalive_timeout(65),
    nginx.server(
      nginx.listen(80),
      nginx.server_name("localhost"),
      staticFiles({ url: "/static/", directory: "/static/", expires: "30d" }),
      nginx.location(
        "/",
        nginx.proxy_pass("http://frontend:8000"),
        ...forwarded({ host: v.host, clients: v.proxy_add_x_forwarded_for, scheme: v.scheme }),
      ),
    ),
  ),
];
