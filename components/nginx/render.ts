import { UserError } from "../shared/user-error.ts";
import type { LineFeed, Node, Pattern, Value, Word } from "./model.ts";

/** The nginx of the image that this project builds (Debian 13; its security fixes keep the number). */
export const NGINX_VERSION = "1.26.3";

/** Characters that need no quotes in nginx. Braces, semicolons, quotes, blanks and `#` do. */
const BARE = /^[\w.:/@%*=,+~^$-]+$/;

/**
 * The text of a configuration. This is the only place where text is made, so the only place where injection could happen:
 * `$` cannot be escaped in nginx, and `nginx -t` accepts a quoted newline in a header (docs/nginx.md, Values), so both are
 * refused here; `\` and `"` are escaped; anything else comes back from nginx byte for byte.
 *
 * @param nodes The directives of the main context, or of any block.
 * @param version The nginx that will read it.
 * @throws {UserError} A literal holds a control character or `$`, or a directive needs a newer nginx.
 */
export function render(nodes: readonly Node<never>[], version: string = NGINX_VERSION): string {
  return lines(nodes, version, "");
}

function lines(nodes: readonly Node<never>[], version: string, indent: string): string {
  return nodes
    .map((node, index) => {
      if (node.since !== undefined && !isAtLeast(version, node.since)) throw tooNew(node.name, node.since, version);
      const words = [...(node.name === "" ? [] : [node.name]), ...node.args.map((word) => quote(word, node.name))];
      const head = indent + words.join(" ");
      if (node.block === undefined) return `${head};\n`;
      const gap = index > 0 ? "\n" : "";
      return `${gap}${head} {\n${lines(node.block, version, `${indent}    `)}${indent}}\n`;
    })
    .join("");
}

/** Whether a version such as `1.26.3` is that one or newer. */
export function isAtLeast(version: string, floor: string): boolean {
  const [have, need] = [version, floor].map((text) => text.split(".").map(Number)) as [number[], number[]];
  const differs = need.findIndex((part, index) => part !== (have[index] ?? 0));
  return differs === -1 || (have[differs] ?? 0) > (need[differs] ?? 0);
}

function quote(word: Word, directive: string): string {
  const parts = isList(word) ? word : [word];
  const written = parts.map((part, index) => write(part, parts[index + 1], directive)).join("");
  if (BARE.test(written)) return written;
  // JSON is easier to read in single quotes; nginx treats both kinds alike.
  const mark = written.includes('"') && !written.includes("'") ? "'" : '"';
  return mark + written.replaceAll(mark, `\\${mark}`) + mark;
}

const isList = (word: Word): word is readonly (Value | Pattern | LineFeed)[] => Array.isArray(word);

function write(part: Value | Pattern | LineFeed, next: Value | Pattern | LineFeed | undefined, directive: string) {
  if (typeof part === "string") return literal(part, /[\p{Cc}\p{Cs}$]/u, directive);
  if ("pattern" in part) return literal(part.pattern, /[\p{Cc}\p{Cs}]/u, directive);
  if ("lineFeed" in part) return String.raw`\n`;
  // A name ends where the next character cannot be part of it; only otherwise does it need braces.
  return typeof next === "string" && /^\w/.test(next) ? `\${${part.variable}}` : `$${part.variable}`;
}

function literal(text: string, refused: RegExp, directive: string): string {
  if (!refused.test(text)) return text.replaceAll("\\", "\\\\");
  throw new UserError([
    {
      where: `nginx ${directive}`,
      what: `${JSON.stringify(text)} holds a control character, "$" or half a character, which nginx cannot take literally.`,
      remedy: "Leave it out.",
    },
  ]);
}

const tooNew = (directive: string, since: string, version: string) =>
  new UserError([
    {
      where: `nginx ${directive}`,
      what: `needs nginx ${since} or newer, but the configuration is for ${version}.`,
      remedy: "Leave it out, or say which nginx reads the configuration.",
    },
  ]);
