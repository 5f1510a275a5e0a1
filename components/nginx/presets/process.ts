import type { Timeouts } from "../../edge/timeouts.ts";
import { nginx } from "../build.ts";
import type { Node } from "../model.ts";
import type { Path } from "../values.ts";

/** Where nginx may write: its own user cannot write anywhere else, and the root file system is read-only. */
const SCRATCH = "/tmp";

/** A non-root process that keeps everything it writes below /tmp and logs its errors to the container's log. */
export const unprivileged = (): { readonly main: Node<"main">[]; readonly http: Node<"http">[] } => ({
  main: [nginx.pid(`${SCRATCH}/nginx.pid`), nginx.error_log("/dev/stderr", "warn")],
  http: [
    nginx.client_body_temp_path(`${SCRATCH}/client-body`),
    nginx.proxy_temp_path(`${SCRATCH}/proxy`),
    nginx.fastcgi_temp_path(`${SCRATCH}/fastcgi`),
    nginx.uwsgi_temp_path(`${SCRATCH}/uwsgi`),
    nginx.scgi_temp_path(`${SCRATCH}/scgi`),
  ],
});

/** How many visitors one worker serves at a time. A proxied request holds two files, hence the limit on open files. */
export const workers = (
  processes: number | "auto",
  { connections, files }: Timeouts["worker"],
): { readonly main: Node<"main">[]; readonly events: Node<"events"> } => ({
  main: [nginx.worker_processes(processes), nginx.worker_rlimit_nofile(files)],
  events: nginx.worker_connections(connections),
});

/** Content types by file name; what no rule knows is offered as a download. */
export const contentTypes = (file: string): Node<"http">[] => [
  nginx.include(file),
  nginx.default_type("application/octet-stream"),
];

/** Debian's mime.types does not know them, and no browser runs a module that is no JavaScript by its type. */
export const javascriptModules = (): Node<"http"> => nginx.types(nginx.types_entry("text/javascript", "mjs"));

/** nginx's optional modules come from Debian's packages. */
export const modules = (...names: string[]): Node<"main">[] =>
  names.map((name) => nginx.load_module(`/usr/lib/nginx/modules/${name}.so` satisfies Path));
