import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const FILE = join(import.meta.dirname, "base-revision");

/** The checked-in number that stands for the state of the Debian packages in both images. */
export function readBaseRevision(): string {
  return readFileSync(FILE, "utf8").trim();
}

/**
 * Raises it, so that the next deployment takes Debian's security updates: the content of an image says nothing about
 * them, and nothing else would ever build it again.
 * @returns the new number, to be committed
 */
export function raiseBaseRevision(): string {
  const raised = String(Number(readBaseRevision()) + 1);
  writeFileSync(FILE, `${raised}\n`);
  return raised;
}
