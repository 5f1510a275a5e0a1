import type * as docker from "@pulumi/docker";

/** /tmp in memory, the one place where a process may write that is not a volume; lost with the container. */
const tmpfs = (tmpMiB: number) => ({ "/tmp": `rw,noexec,nosuid,nodev,size=${tmpMiB}m` });

const DENIED = {
  readOnly: true,
  capabilities: { drops: ["ALL"] },
  securityOpts: ["no-new-privileges:true"],
} satisfies Partial<docker.ContainerArgs>;

/**
 * What every container of a stack is denied, whatever it runs, as arguments of `docker.Container`.
 * @param tmpMiB size of /tmp in MiB, part of the container's memory
 */
export const hardened = (tmpMiB: number) => ({ ...DENIED, tmpfs: tmpfs(tmpMiB) });

/** The same for the one-off containers of a gate, as arguments of `docker run`. */
export const hardenedRun = (tmpMiB: number): string[] => [
  "--read-only",
  ...Object.entries(tmpfs(tmpMiB)).flatMap(([path, options]) => ["--tmpfs", `${path}:${options}`]),
  ...DENIED.capabilities.drops.flatMap((capability) => ["--cap-drop", capability]),
  ...DENIED.securityOpts.flatMap((option) => ["--security-opt", option]),
];
