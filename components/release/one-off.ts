import { hardenedRun } from "../host/hardening.ts";

/** Share of a busy processor beside a container that serves, which has Docker's 1024. */
const CPU_SHARES = 128;

/** A container that does one thing and ends, as the acts of a release start it. */
export interface OneOff {
  /** Name of the container, so that a later run finds what a killed one left. */
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly image: string;
  /** Numeric `uid:gid`. */
  readonly user: string;
  readonly network: string;
  readonly volumes: Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, string>>;
  /** Limit in MiB without /tmp. */
  readonly memoryMiB: number;
  /** Size of /tmp in MiB. Default: 64. */
  readonly tmpMiB?: number;
  /** vCPUs. Default: no limit. */
  readonly cpu?: number;
  readonly command: readonly string[];
}

/**
 * Arguments for `docker run`, as hard as a service's. Variables are named here and valued through the environment of the
 * CLI: a secret never stands in the process list.
 */
export function oneOffArguments(one: OneOff, ...flags: readonly string[]): string[] {
  const { tmpMiB = 64, cpu } = one;
  const memory = `${one.memoryMiB + tmpMiB}m`;
  return [
    "run",
    ...flags,
    ...["--name", one.name, "--user", one.user, "--network", one.network],
    ...["--memory", memory, "--memory-swap", memory],
    ...["--cpu-shares", String(CPU_SHARES)],
    ...(cpu === undefined ? [] : ["--cpus", String(cpu)]),
    ...Object.entries(one.labels).flatMap(([label, value]) => ["--label", `${label}=${value}`]),
    ...Object.entries(one.volumes).flatMap(([volume, path]) => ["--volume", `${volume}:${path}`]),
    ...Object.keys(one.env).flatMap((name) => ["--env", name]),
    ...hardenedRun(tmpMiB),
    one.image,
    ...one.command,
  ];
}
