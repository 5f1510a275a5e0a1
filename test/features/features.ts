import { ADDRESSES } from "./addresses.ts";
import { BALANCING } from "./balancing.ts";
import { CACHING } from "./caching.ts";
import type { Feature, Served } from "./feature.ts";
import { FILES } from "./files.ts";
import { LIMITS } from "./limits.ts";
import { OPERATIONS } from "./operations.ts";
import { PROXYING } from "./proxying.ts";

/** Features that show through one Gunicorn whatever its worker class is. */
export const SERVED: readonly Served[] = [
  ...PROXYING,
  ...BALANCING,
  ...FILES,
  ...CACHING,
  ...LIMITS,
  ...ADDRESSES,
  ...OPERATIONS,
];

const WORKERS = "test/e2e/workers/workers.test.ts";

/** Features that the lab does not show, in stacks of their own. */
const ELSEWHERE: readonly Feature[] = [
  {
    feature: "a request id through nginx, Gunicorn and Django's log: the same in each log",
    settings: ["settingsOverlay"],
    directives: ["log_format", "proxy_set_header"],
    test: "test/e2e/forgery/request-id.test.ts",
  },
  {
    feature: "worker classes: one request, threads, greenlets, or ASGI",
    settings: ["workerClass", "asgiModule"],
    directives: ["--worker-class"],
    test: WORKERS,
  },
  {
    feature: "worker processes of Gunicorn, and how many requests each works on",
    settings: ["workers", "threads", "workerConnections", "cpu", "memory"],
    directives: ["--workers", "--threads", "--worker-connections"],
    test: WORKERS,
  },
  {
    feature: "workers replaced after so many requests",
    settings: ["maxRequests"],
    directives: ["--max-requests"],
    test: WORKERS,
  },
  {
    feature: "WebSockets",
    settings: ["paths.streaming", "workerClass"],
    directives: ["map", "proxy_set_header Upgrade", "proxy_set_header Connection"],
    test: WORKERS,
  },
];

/** Every ability of the system, with the settings that decide it and the test that proves it. */
export const FEATURES: readonly Feature[] = [
  ...SERVED.map(({ feature, settings, directives }) => ({
    feature,
    settings,
    directives,
    test: "test/features/features.test.ts",
  })),
  ...ELSEWHERE,
];
