// Wrong samples: `tsc` refuses the repository if one of them compiles. Nothing runs this file.
import type { Settings } from "../../infra/settings.ts";

type PairOf<S> = S extends Settings ? Pick<S, "host" | "edge"> : never;
type Pair = PairOf<Settings>;

// --- right: the pairs that are built

export const local: Pair = { host: "docker", edge: "nginx" };
export const aws: Pair = { host: "ecs", edge: "alb" };

// --- wrong pair of host and edge

// @ts-expect-error a load balancer of AWS does not reach this machine
export const albBeforeDocker: Pair = { host: "docker", edge: "alb" };
// @ts-expect-error an edge that is not built yet
export const ecs: Pair = { host: "ecs", edge: "nginx" };
// @ts-expect-error nothing in front of Gunicorn
export const noEdge: Pair = { host: "docker" };
// @ts-expect-error an edge without a host
export const noHost: Pair = { edge: "nginx" };

// --- wrong unit

// @ts-expect-error a time without a unit
export const bareTime: Settings["requestTimeout"] = "30";
// @ts-expect-error a size for a time
export const sizeForTime: Settings["requestTimeout"] = "30m0k";
// @ts-expect-error a time for a size
export const timeForSize: Settings["uploadLimit"] = "10s";
// @ts-expect-error bytes as a number
export const bareSize: Settings["memory"] = 512;
// @ts-expect-error a path without its slash
export const noSlash: Settings["healthPath"] = "healthz";

// --- wrong choice

// @ts-expect-error a database that is not built
export const database: Settings["database"] = "mysql";
// @ts-expect-error a worker class that is not built
export const worker: Settings["workerClass"] = "tornado";
