import { execFileSync, spawn, spawnSync } from "node:child_process";
import { cpSync, existsSync, linkSync, mkdirSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { delimiter, dirname, join, resolve } from "node:path";
import { freePort } from "../../tools/free-port.ts";

const ROOT = resolve(import.meta.dirname, "../..");
const TOOLS = ".local/tools";

export interface Finished {
  readonly code: number;
  /** What the command printed, standard error among it. */
  readonly output: string;
}

export interface Running {
  readonly pid: number;
  readonly finished: Promise<Finished>;
  /** What it has printed so far. */
  readonly printed: () => string;
}

/**
 * A copy of this repository with a state, a port and containers of its own, so that a test never meets the developer's
 * stack. It shares the installed packages and what the tools have built; its files are committed, so that `git status`
 * tells what a command left.
 */
export class Checkout {
  readonly root: string;
  readonly port: number;

  private constructor(root: string, port: number) {
    this.root = root;
    this.port = port;
  }

  static async make(name: string, options: { umask?: string } = {}): Promise<Checkout> {
    const root = join(ROOT, ".local/test", name);
    // What a test left that ended before it could tidy up: only its state knows these containers.
    await new Checkout(root, 0).remove().catch(() => {
      rmSync(root, { recursive: true, force: true });
    });
    const files = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "-z"], {
      cwd: ROOT,
      encoding: "utf8",
    });
    const copy = `umask ${options.umask ?? "022"} && while IFS= read -r -d '' file; do [ -e "$1/$file" ] && { mkdir -p "$(dirname "$file")"; cat "$1/$file" >"$file"; if [ -x "$1/$file" ]; then chmod u+x "$file"; fi; }; done; true`;
    mkdirSync(root, { recursive: true });
    execFileSync("bash", ["-c", copy, "copy", ROOT], { cwd: root, input: files });
    mkdirSync(join(root, ".local"), { recursive: true });
    symlinkSync(join(ROOT, "node_modules"), join(root, "node_modules"));
    for (const built of ["pulumi", "docker-provider"]) linkFiles(join(ROOT, TOOLS, built), join(root, TOOLS, built));
    const git = (...args: string[]) =>
      execFileSync("git", ["-c", "user.name=test", "-c", "user.email=test@localhost", ...args], { cwd: root });
    git("init", "--quiet");
    git("add", "--all");
    git("commit", "--quiet", "--message", "copy");
    return new Checkout(root, await freePort());
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Starts `npm run <script>` in the copy. */
  begin(script: string, args: readonly string[] = [], env: NodeJS.ProcessEnv = {}): Running {
    const child = spawn("npm", ["run", "--silent", script, "--", ...args], {
      cwd: this.root,
      env: { ...process.env, PATH: withoutOurTools(), ...env },
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (data: Buffer) => (output += data.toString()));
    const finished = new Promise<Finished>((done) =>
      child.on("close", (code) => {
        done({ code: code ?? 1, output });
      }),
    );
    return { pid: child.pid ?? 0, finished, printed: () => output };
  }

  run(script: string, args: readonly string[] = [], env: NodeJS.ProcessEnv = {}): Promise<Finished> {
    return this.begin(script, args, env).finished;
  }

  /** `npm start` on the copy's own port. */
  start(set: Readonly<Record<string, unknown>> = {}, env: NodeJS.ProcessEnv = {}): Promise<Finished> {
    return this.run("start", this.settings(set), env);
  }

  settings(set: Readonly<Record<string, unknown>> = {}): string[] {
    return Object.entries({ port: this.port, ...set }).flatMap(([key, value]) => [
      "--set",
      `${key}=${typeof value === "string" ? value : JSON.stringify(value)}`,
    ]);
  }

  /** Removes the stack, its data and the copy. */
  async remove(): Promise<void> {
    if (existsSync(join(this.root, ".local/state"))) {
      const { code, output } = await this.run("stop", ["--data"]);
      if (code !== 0) throw new Error(`npm run stop -- --data failed:\n${output}`);
    }
    rmSync(this.root, { recursive: true, force: true });
  }

  /** Removes the copy alone: what it deployed belongs to another one. */
  forget(): void {
    rmSync(this.root, { recursive: true, force: true });
  }

  gitStatus(): string {
    return execFileSync("git", ["status", "--porcelain"], { cwd: this.root, encoding: "utf8" });
  }

  path(relative: string): string {
    const path = join(this.root, relative);
    mkdirSync(dirname(path), { recursive: true });
    return path;
  }

  /** Takes over the other copy's state, as a colleague who shares a backend. */
  shareStateOf(other: Checkout): void {
    for (const part of ["state", "passphrase", "init", "config"]) {
      cpSync(join(other.root, ".local", part), join(this.root, ".local", part), { recursive: true });
    }
  }
}

/** Hard links, not one link to the folder: the copy writes its own paths beside these files, and goes away with them. */
function linkFiles(from: string, to: string): void {
  if (!existsSync(from)) return;
  mkdirSync(to, { recursive: true });
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) linkFiles(source, target);
    else linkSync(source, target);
  }
}

/** PATH as a new shell has it: `npm test` puts its tools first, and the copy must find its own. */
function withoutOurTools(): string {
  const folders = (process.env.PATH ?? "").split(delimiter);
  return folders.filter((folder) => folder !== join(ROOT, TOOLS, "bin")).join(delimiter);
}

/** Output of a Docker command. */
export function docker(...args: string[]): string {
  const { status, stdout, stderr } = spawnSync("docker", args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`docker ${args.join(" ")}: ${stderr}`);
  return stdout.trim();
}

/** The counts of the engine's summary, as `{ unchanged: 46 }`. */
export function changes(output: string): Record<string, number> {
  const summary = output.slice(output.lastIndexOf("Resources:"));
  return Object.fromEntries(
    [...summary.matchAll(/^\s+[+~±-]*\s*(\d+) (created|updated|replaced|deleted|unchanged|errored)/gm)].map(
      ([, count, what]) => [what ?? "", Number(count)],
    ),
  );
}
