import { copyFileSync, existsSync, readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";

/**
 * Mends what a kill in the middle of a write left in a file backend: the CLI fails with "EOF" on an empty file. Attributes
 * (content type, hash) are written anew with the next checkpoint; a checkpoint has its predecessor beside it.
 */
export function mendTornFiles(state: string): void {
  if (!existsSync(state)) return;
  for (const path of readdirSync(state, { recursive: true, encoding: "utf8" })) {
    const file = join(state, path);
    const empty = statSync(file).isFile() && statSync(file).size === 0;
    if (empty && path.endsWith(".attrs")) rmSync(file);
    if (empty && path.endsWith(".json") && existsSync(`${file}.bak`)) copyFileSync(`${file}.bak`, file);
  }
}
