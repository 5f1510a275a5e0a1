import type { Problem } from "../../components/shared/user-error.ts";
import { EDGES } from "./schema.ts";

/** Pairs that the design has and nobody has built. */
const PLANNED = ["ecs + nginx", "ec2 + alb", "ec2 + nginx"];

/** What a stack without `host` is: the two that matter most need no line in its file. */
const DEFAULT_HOST = "ecs";

/**
 * Fills in host and edge.
 * @returns the settings with both, and what is wrong with the pair
 */
export function withPair(raw: Readonly<Record<string, unknown>>): {
  readonly raw: Readonly<Record<string, unknown>>;
  readonly host: keyof typeof EDGES;
  readonly problems: readonly Problem[];
} {
  const host = raw["host"] ?? DEFAULT_HOST;
  const known = isBuilt(host);
  const edge = raw["edge"] ?? (known ? EDGES[host] : undefined);
  const problem = known && edge === EDGES[host] ? undefined : wrong(textOf(host), edge);
  // The rest is checked as if the pair were right: its problems are told as well.
  const assumed = known ? host : "docker";
  return {
    raw: { ...raw, host: assumed, edge: EDGES[assumed] },
    host: assumed,
    problems: problem ? [problem] : [],
  };
}

const isBuilt = (host: unknown): host is keyof typeof EDGES => typeof host === "string" && host in EDGES;

function wrong(host: string, edge: unknown): Problem {
  if (host === "docker" && edge === "alb") {
    const what = '"alb" cannot stand before the host "docker": a load balancer of AWS does not reach this machine.';
    return { where: "edge", what, remedy: 'Write "nginx".' };
  }
  const pair = PLANNED.filter(
    (each) => each === `${host} + ${String(edge)}` || (edge === undefined && each.startsWith(`${host} `)),
  );
  if (isBuilt(host)) {
    const what = pair.length ? "is planned and not built yet." : "is not an edge.";
    return {
      where: "edge",
      what: `${JSON.stringify(edge)} before the host "${host}" ${what}`,
      remedy: `Write "${EDGES[host]}".`,
    };
  }
  const what = pair.length ? "is planned and not built yet." : "is not a host.";
  return { where: "host", what: `"${host}" ${what}`, remedy: 'Write "ecs" or "docker".' };
}

const textOf = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));
