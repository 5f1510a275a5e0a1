import { execFile } from "node:child_process";
import { ActFailed } from "./act-failed.ts";

/** How one call of the Docker CLI ended. */
export interface DockerAnswer {
  /** Exit code of the CLI, which for `run` and `exec` is that of the command in the container. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface DockerOptions {
  /** Text for standard input. */
  readonly input?: string;
  /** Added to the environment of the CLI: the way to hand over a secret without it standing in the process list. */
  readonly env?: Readonly<Record<string, string>>;
  /** Seconds until the CLI is ended. */
  readonly seconds: number;
}

/**
 * Runs the Docker CLI once and waits for it. The CLI, not the API: it already knows contexts, DOCKER_HOST, TLS and ssh.
 * Ends with an answer for every exit code; rejects only when the CLI itself cannot be started.
 */
export function docker(args: readonly string[], options: DockerOptions): Promise<DockerAnswer> {
  return new Promise((resolve, reject) => {
    const child = execFile(
      "docker",
      args,
      { env: { ...process.env, ...options.env }, timeout: options.seconds * 1000, maxBuffer: 64 * 1024 * 1024 },
      (error, stdout, stderr) => {
        if (error?.code === "ENOENT") reject(new Error("the docker command is not on PATH"));
        else if (error?.killed) resolve({ code: 124, stdout, stderr: `${stderr}\nended after ${options.seconds} s` });
        else resolve({ code: typeof error?.code === "number" ? error.code : error ? 1 : 0, stdout, stderr });
      },
    );
    child.stdin?.on("error", () => {
      // The command ended without reading its input; its exit code tells why.
    });
    child.stdin?.end(options.input);
  });
}

/** The same, but an exit code other than 0 is an error that carries the last lines of what was printed. */
export async function dockerOrThrow(what: string, args: readonly string[], options: DockerOptions): Promise<string> {
  const answer = await docker(args, options);
  if (answer.code !== 0) throw new ActFailed(what, answer.stderr + answer.stdout);
  return answer.stdout;
}
