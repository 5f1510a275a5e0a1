import { spawnSync } from "node:child_process";

/** Output of a Docker command; an object behind the arguments is laid over its environment. */
export function docker(...all: readonly (string | Readonly<Record<string, string>>)[]): string {
  const args = all.filter((each) => typeof each === "string");
  const env = Object.assign({}, process.env, ...all.filter((each) => typeof each === "object")) as NodeJS.ProcessEnv;
  const { status, stdout, stderr } = spawnSync("docker", args, { encoding: "utf8", env });
  if (status !== 0) throw new Error(`docker ${args[0] ?? ""}: ${stderr}`);
  return stdout.trim();
}
