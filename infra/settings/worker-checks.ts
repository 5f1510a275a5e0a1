import { asgiModuleBeside } from "../../components/gunicorn/asgi-module.ts";
import { takesConnections } from "../../components/gunicorn/sizing.ts";
import type { Problem } from "../../components/shared/user-error.ts";
import type { Settings } from "./schema.ts";

/** What does not go with the worker class: Gunicorn itself would overlook it. */
export function workerChecks(settings: Settings): Problem[] {
  return [...threads(settings), ...connections(settings), ...module(settings)];
}

function threads({ threads, workerClass }: Settings): Problem[] {
  if (threads === undefined || workerClass === "gthread" || (workerClass === "sync" && threads === 1)) return [];
  if (workerClass === "sync") {
    return [
      {
        where: "threads",
        what: `${threads} threads need a threaded worker, and workerClass is "sync".`,
        remedy: 'Write workerClass: "gthread", or leave threads out.',
      },
    ];
  }
  const what =
    workerClass === "gevent"
      ? 'workers of the class "gevent" have one thread, on which every request is a greenlet.'
      : 'workers of the class "uvicorn" have an event loop, and Django makes a thread for each request that needs one.';
  return [{ where: "threads", what, remedy: "Write workerConnections, or leave threads out." }];
}

function connections({ workerConnections, workerClass }: Settings): Problem[] {
  if (workerConnections === undefined || takesConnections(workerClass)) return [];
  const what = `is for the worker classes "gevent" and "uvicorn", and workerClass is "${workerClass}".`;
  const remedy = workerClass === "gthread" ? "Write threads, or leave it out." : "Leave it out.";
  return [{ where: "workerConnections", what, remedy }];
}

function module({ asgiModule, wsgiModule, workerClass }: Settings): Problem[] {
  const where = "asgiModule";
  if (workerClass !== "uvicorn") {
    if (asgiModule === undefined) return [];
    const what = `is for the worker class "uvicorn", and workerClass is "${workerClass}".`;
    return [{ where, what, remedy: 'Write workerClass: "uvicorn", or leave it out.' }];
  }
  if (asgiModule !== undefined || asgiModuleBeside(wsgiModule) !== undefined) return [];
  const what = `is missing, for none follows from the wsgiModule "${wsgiModule}".`;
  return [{ where, what, remedy: 'Write a module such as "mysite.asgi:application".' }];
}
