import { readFileSync } from "node:fs";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "../../..");

/** The commands of a section, as they stand there: lines of its `sh` blocks, block by block, without what is behind `#`. */
export function documented(file: string, heading: string): string[][] {
  const text = readFileSync(join(ROOT, file), "utf8");
  const section = text.split(/^## /m).find((part) => part.startsWith(`${heading}\n`)) ?? "";
  return [...section.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, block = ""]) =>
    block
      .split("\n")
      .map((line) => line.replace(/ +# .*$/, "").trim())
      .filter(Boolean),
  );
}
