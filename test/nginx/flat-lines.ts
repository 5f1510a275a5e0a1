import { render } from "../../components/nginx/index.ts";
import type { Node } from "../../components/nginx/index.ts";

/** Every directive on a line of its own, with the blocks that it stands in: `http > server > listen 80;`. */
export const flatLines = (nodes: readonly Node<never>[], path = ""): string[] =>
  nodes.flatMap(({ block, ...directive }) => {
    const line = path + render([directive]).trim();
    return block === undefined ? [line] : [`${line.slice(0, -1)} {}`, ...flatLines(block, `${line.slice(0, -1)} > `)];
  });

/** What stands in the first list and not in the second, repeated lines as often as they are missing. */
export function without(lines: readonly string[], others: readonly string[]): string[] {
  const left = [...others];
  return lines.filter((line) => {
    const index = left.indexOf(line);
    if (index >= 0) left.splice(index, 1);
    return index < 0;
  });
}
