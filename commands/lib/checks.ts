import { execFileSync } from "node:child_process";
import { statfsSync } from "node:fs";
import { createServer } from "node:net";
import { UserError, type Problem } from "../../components/shared/user-error.ts";
import { ROOT } from "./command.ts";

/** One line of `npm run doctor`: what was looked at, what was found, and what to do when it will not do. */
export interface Check {
  readonly name: string;
  readonly found: string;
  readonly problem?: Problem;
}

/** Two images, the engine and its providers need about this much. */
const LEAST_FREE_GIB = 4;

export function checkNode(): Check {
  return { name: "Node", found: process.versions.node };
}

export function checkDisk(freeGiB = freeSpace()): Check {
  const found = `${freeGiB.toFixed(0)} GiB free`;
  const what = `only ${freeGiB.toFixed(1)} GiB are free where the repository lies.`;
  const remedy = `Free at least ${LEAST_FREE_GIB} GiB, for example with \`docker system prune\`.`;
  return freeGiB >= LEAST_FREE_GIB
    ? { name: "disk", found }
    : { name: "disk", found, problem: { where: "disk", what, remedy } };
}

function freeSpace(): number {
  const { bavail, bsize } = statfsSync(ROOT);
  return (bavail * bsize) / 1024 ** 3;
}

/** Whether the Docker engine answers to the CLI, with its contexts and DOCKER_HOST. */
export function checkDocker(): Check {
  try {
    const format = "{{.Server.Version}}";
    const version = execFileSync("docker", ["version", "--format", format], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
      timeout: 20_000,
    });
    return { name: "Docker engine", found: version.trim() };
  } catch (error) {
    const detail = error instanceof Error && "stderr" in error ? String(error.stderr).trim().split("\n").at(-1) : "";
    const what = `no Docker engine answers${process.env.DOCKER_HOST ? ` at DOCKER_HOST=${process.env.DOCKER_HOST}` : ""}${detail ? ` (${detail})` : ""}.`;
    const remedy = "Start Docker Desktop or `systemctl start docker`, or set DOCKER_HOST.";
    return { name: "Docker engine", found: "does not answer", problem: { where: "Docker engine", what, remedy } };
  }
}

/**
 * Whether nginx can have the port.
 * @param ours whether the stack's own nginx holds it already
 */
export async function checkPort(port: number, ours: boolean): Promise<Check> {
  const name = `port ${port}`;
  if (ours) return { name, found: "in use by this stack" };
  const free = await new Promise<boolean>((resolve) => {
    const server = createServer();
    server.once("error", () => {
      resolve(false);
    });
    server.listen(port, "127.0.0.1", () =>
      server.close(() => {
        resolve(true);
      }),
    );
  });
  if (free) return { name, found: "free" };
  const what = `127.0.0.1:${port} is taken by another program.`;
  return {
    name,
    found: "taken",
    problem: {
      where: "port",
      what,
      remedy: `Stop that program, or choose another port: npm start -- --set port=${port + 1}`,
    },
  };
}

/** Prints a line for each check and throws when one of them found a problem. */
export function report(checks: readonly Check[]): void {
  for (const { name, found, problem } of checks) console.log(`${problem ? "✗" : "✓"} ${name}: ${found}`);
  const problems = checks.flatMap(({ problem }) => problem ?? []);
  if (problems.length) throw new UserError(problems);
}
