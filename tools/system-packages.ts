import { existsSync, readFileSync } from "node:fs";
import { run, tryRun } from "./run.ts";
import type { Site } from "./part.ts";

interface Asking {
  readonly say: (line: string) => void;
  readonly ask: (question: string) => Promise<boolean>;
}

/**
 * Returns `site.install`: one question a run, on a terminal; one `apt-get` at a time.
 *
 * @param leftovers gets a line for what was installed.
 */
export function installer({ say, ask }: Asking, leftovers: string[]): Site["install"] {
  let allowed: Promise<boolean> | undefined;
  let queue: Promise<unknown> = Promise.resolve();
  let updated = false;

  const install = async (packages: readonly string[], why: string): Promise<void> => {
    const names = packages.join(" ");
    if (!isDebianLike()) throw new Error(`needs the system packages ${names}, and this is neither Debian nor Ubuntu.`);
    if (process.getuid?.() !== 0) throw new Error(`needs \`sudo apt-get install ${names}\`, which only root can do.`);
    const interactive = process.stdin.isTTY && process.env["CI"] === undefined;
    allowed ??= interactive
      ? ask(`May the system packages that are missing be installed with apt-get (${names})?`)
      : Promise.resolve(true);
    if (!(await allowed)) throw new Error(`needs \`apt-get install ${names}\`, which you declined.`);

    say(`installing ${names} with apt-get: ${why}`);
    const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
    const apt = (...args: string[]): Promise<string> =>
      run("apt-get", ["-o", "DPkg::Lock::Timeout=180", "-qq", ...args], {
        within: 600,
        env,
        progress: { what: `apt-get ${args[0] ?? ""}`, say },
      });
    if (!updated) await apt("update");
    updated = true;
    const known = await Promise.all(packages.map((name) => tryRun("apt-cache", ["show", name], { within: 60 })));
    const available = packages.filter((_, index) => known[index] !== undefined);
    await apt("install", "--yes", "--no-install-recommends", ...available);
    leftovers.push(`the system packages ${available.join(" ")} (\`apt-get remove ${available.join(" ")}\`)`);
  };
  return (packages, why) => {
    const work = queue.then(() => install(packages, why));
    queue = work.catch(() => undefined);
    return work;
  };
}

function isDebianLike(): boolean {
  return (
    existsSync("/etc/os-release") && /^ID(_LIKE)?=.*\b(debian|ubuntu)\b/m.test(readFileSync("/etc/os-release", "utf8"))
  );
}
