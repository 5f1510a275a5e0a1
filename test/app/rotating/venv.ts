import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const ROOT = join(import.meta.dirname, "../../..");
const OWN = join(import.meta.dirname, "requirements.txt");
const FOLDER = join(import.meta.dirname, "no-psycopg");

/** Programs that stand for the ones of this machine. */
export const OWN_BIN = join(import.meta.dirname, "bin");
/** How Python finds the sample project, the runtime package and the settings of these tests, in a driver's environment. */
export const APP = join(ROOT, "app");
export const PYTHON_PATH = [
  APP,
  join(ROOT, "components/image/runtime"),
  join(import.meta.dirname, "settings"),
] as const;

/** Django takes psycopg where it can be imported, else psycopg2: this folder, first on the path, makes the import fail. */
export const WITHOUT_PSYCOPG = FOLDER;

/** Folder of programs of a virtual environment with the sample project, Gunicorn, botocore and both drivers, made once. */
export async function environment(): Promise<string> {
  const all = [OWN, join(APP, "requirements.txt")].map((file) => readFileSync(file, "utf8")).join("\n");
  const hash = createHash("sha256").update(all).digest("hex").slice(0, 12);
  const home = join(ROOT, ".local/tools/python", `rotating-${hash}`);
  const mark = join(home, "complete");
  if (!existsSync(mark)) {
    rmSync(home, { recursive: true, force: true });
    mkdirSync(join(home, ".."), { recursive: true });
    await run("python3", ["-m", "venv", home]);
    await run(join(home, "bin/pip"), ["install", "--quiet", "--disable-pip-version-check", "-r", OWN]);
    writeFileSync(mark, "");
  }
  return join(home, "bin");
}
