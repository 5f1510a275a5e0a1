import { nginx } from "../build.ts";
import type { Node } from "../model.ts";
import { lineFeed } from "../values.ts";
import type { Path } from "../values.ts";

/** Whether nginx runs: answered by itself, whatever the Host, since health checks come with an address for a name. */
export const nginxHealth = (path: Path): Node<"server"> =>
  nginx.location(
    { exact: path },
    nginx.access_log("off"),
    nginx.default_type("text/plain"),
    nginx.return(200, "ok", lineFeed),
  );

/** Whether the application runs: its own health path, asked with a Host that it accepts (`headers`). */
export const appHealth = (path: Path, target: `http://${string}`, ...headers: Node<"location">[]): Node<"server"> =>
  nginx.location({ exact: path }, nginx.access_log("off"), nginx.proxy_pass(target), ...headers);
