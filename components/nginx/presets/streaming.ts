import { nginx } from "../build.ts";
import type { Node } from "../model.ts";
import { ownVariable, v } from "../values.ts";

const CONNECTION = ownVariable("connection_upgrade");

/** For a path whose answers arrive as they are made, and which may become a WebSocket. */
export const streaming = (): {
  readonly map: Node<"http">;
  readonly headers: Node<"location">[];
  readonly unbuffered: Node<"location">[];
} => ({
  map: nginx.map(v.http_upgrade, CONNECTION, nginx.map_value("default", "upgrade"), nginx.map_value("", "")),
  headers: [nginx.proxy_set_header("Upgrade", v.http_upgrade), nginx.proxy_set_header("Connection", CONNECTION)],
  // Compression is off as well: it holds back what is not enough for a block.
  unbuffered: [nginx.proxy_buffering("off")],
});
