import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const HOME = join(import.meta.dirname, "../.local/tools/python");

/**
 * Folder of the programs of a Python virtual environment, made once for what its files of requirements say; it counts only
 * when pip has left its mark.
 */
export async function virtualEnvironment(name: string, ...requirements: readonly string[]): Promise<string> {
  const hash = createHash("sha256");
  for (const file of requirements) hash.update(readFileSync(file));
  const home = join(HOME, `${name}-${hash.digest("hex").slice(0, 12)}`);
  const mark = join(home, "complete");
  if (!existsSync(mark)) {
    rmSync(home, { recursive: true, force: true });
    mkdirSync(HOME, { recursive: true });
    const files = requirements.flatMap((file) => ["-r", file]);
    await run("python3", ["-m", "venv", home]);
    await run(join(home, "bin/pip"), ["install", "--quiet", "--disable-pip-version-check", ...files]);
    writeFileSync(mark, "");
  }
  return join(home, "bin");
}
