import { execFileSync, spawnSync, type SpawnSyncReturns } from "node:child_process";
import { resolve } from "node:path";
import { prepare } from "../../../tools/index.ts";

const root = resolve(import.meta.dirname, "../../..");
// A docker command that can build, an engine and the base image, had as `npm start` has them.
const box = await prepare({
  root,
  needs: ["docker engine", "image debian:13-slim"],
  say: (line) => {
    console.error(line);
  },
  ask: () => Promise.resolve(false),
});
const env = { ...process.env, ...box.env };
const MOST_OUTPUT = 64 * 1024 * 1024;

/** Runs the Docker CLI and returns what it ended with. */
export function tryDocker(args: readonly string[], input?: string | Buffer): SpawnSyncReturns<string> {
  return spawnSync("docker", args, { env, input, encoding: "utf8", maxBuffer: MOST_OUTPUT });
}

/**
 * Runs the Docker CLI and returns what it printed; throws with all of that when it failed.
 * @param take `both` adds standard error, which is where builds print
 */
export function docker(args: readonly string[], input?: string | Buffer, take: "stdout" | "both" = "stdout"): string {
  const { status, stdout, stderr, error } = tryDocker(args, input);
  if (error) throw error;
  if (status !== 0)
    throw new Error(`docker ${args.join(" ").slice(0, 200)} ended with ${status ?? "a signal"}:\n${stdout}${stderr}`);
  return take === "both" ? stdout + stderr : stdout;
}

/** Runs a script in a new container and unpacks the tar that it prints into a folder. */
export function unpackFrom(image: string, script: string, folder: string, input?: string): void {
  const tar = execFileSync("docker", ["run", "--rm", "--interactive", image, "sh", "-euc", script], {
    env,
    input,
    maxBuffer: MOST_OUTPUT,
    stdio: ["pipe", "pipe", "inherit"],
  });
  execFileSync("tar", ["-x", "-C", folder], { input: tar });
}
