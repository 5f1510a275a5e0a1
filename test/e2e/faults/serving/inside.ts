import { dockerOrThrow } from "../../../../components/release/docker-cli.ts";

const SECONDS = 30;

/** Output of a Docker command, while the load of this process goes on. @throws ActFailed when the command fails */
export const docker = async (...args: readonly string[]): Promise<string> =>
  (await dockerOrThrow(`docker ${args.join(" ")}`, args, { seconds: SECONDS })).trim();

/** Output of a shell script in a container. */
export const shell = (container: string, script: string): Promise<string> =>
  docker("exec", container, "sh", "-euc", script);

/** Process ids of the workers of a Gunicorn or an nginx, which is the container's first process. */
export async function workersOf(container: string): Promise<number[]> {
  const script = `for folder in /proc/[0-9]*; do
    if grep -qs '^PPid:.1$' $folder/status && ! grep -qs 'cache ' $folder/cmdline; then echo \${folder#/proc/}; fi
  done`;
  return (await shell(container, script)).split("\n").filter(Boolean).map(Number).sort();
}

/** Visitors' connections that a worker of nginx holds: the sockets among its files, matched with the established ones. */
export async function connectionsOf(container: string, worker: number, port: number): Promise<number> {
  const files = await shell(container, `ls -l /proc/${worker}/fd`);
  const held = new Set([...files.matchAll(/socket:\[(\d+)\]/g)].map(([, inode]) => inode));
  const table = await shell(container, "cat /proc/net/tcp");
  const [ESTABLISHED, local] = ["01", port.toString(16).toUpperCase().padStart(4, "0")];
  return table.split("\n").filter((line) => {
    const [, address = "", , state, , , , , , inode = ""] = line.trim().split(/\s+/);
    return address.endsWith(`:${local}`) && state === ESTABLISHED && held.has(inode);
  }).length;
}

/** Ends the first process of a container as the kernel does when memory runs out: not by Docker, which then takes it as wished. */
export async function crash(container: string): Promise<void> {
  const pid = await docker("inspect", "--format", "{{.State.Pid}}", container);
  await docker("run", "--rm", "--pid", "host", "--user", "0", "debian:13-slim", "sh", "-c", `kill -9 ${pid}`);
}
