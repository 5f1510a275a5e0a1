import { WORKER_CLASSES } from "../../components/gunicorn/sizing.ts";
import { oneOf, text, whole } from "./values.ts";

const MODULE = /^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*(:[A-Za-z_]\w*(\(\))?)?$/;

/** A module and callable, as Gunicorn takes them. */
const module = (kind: string, example: string) =>
  text(MODULE, kind, `"mysite.${example}" or "mysite.${example}:application"`);

/** What Gunicorn serves, and with which workers. */
export const workers = {
  wsgiModule: module("a WSGI module", "wsgi").describe(
    "Python module that holds the WSGI callable, as Gunicorn takes it.",
  ),
  asgiModule: module("an ASGI module", "asgi")
    .optional()
    .describe("The same for ASGI (uvicorn). Default: `wsgiModule` with `asgi` for `wsgi`."),
  workerClass: oneOf(WORKER_CLASSES)
    .default(WORKER_CLASSES[0])
    .describe("How a worker handles requests: threads, one at a time, greenlets, or ASGI (docs/gunicorn.md)."),
  workers: whole(1, 64, 2).optional().describe("Worker processes of each container. Default: from cpu and memory."),
  threads: whole(1, 64, 4).optional().describe("Threads of each worker (gthread). Default: 4."),
  workerConnections: whole(1, 1000, 100)
    .optional()
    .describe(
      "Requests that each worker works on at the same time (gevent, uvicorn). Default: 100, or fewer, so that nginx and PostgreSQL have connections for all.",
    ),
  maxRequests: whole(0, 1_000_000, 1000)
    .default(0)
    .describe("Requests after which a worker process is replaced, with a tenth more by chance; 0 for never."),
};
