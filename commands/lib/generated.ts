import { readFileSync, writeFileSync } from "node:fs";
import { inRoot } from "./command.ts";

/**
 * Writes files that are made from something else; with `check` only says which are not up to date.
 * @param made the text of each file
 * @param command what writes them, for whoever checks
 * @returns exit code: 1 when a check found one
 */
export function generate(made: Readonly<Record<string, string>>, command: string, check: boolean): number {
  const stale = Object.entries(made).filter(
    ([file, text]) => readFileSync(inRoot(file), { encoding: "utf8", flag: "a+" }) !== text,
  );
  for (const [file, text] of stale) {
    if (!check) writeFileSync(inRoot(file), text);
    console.log(`${file} ${check ? `is not up to date: ${command}` : "written"}`);
  }
  return check && stale.length ? 1 : 0;
}
