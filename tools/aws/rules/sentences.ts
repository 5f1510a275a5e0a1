import type { Declared } from "./declarations.ts";
import type { Rule } from "./rule.ts";

const RANGE = /\b(?:The range is|(?:[Mm]ust be|values) between) `?(\d+)`?(?:-|–| to | and )`?(\d+)`?(?!\d| seconds or)/;

/**
 * The range of a number that a declaration's documentation states in the form that it uses all over. Its lists of words are
 * not read: some of them are spelt otherwise than AWS spells them.
 */
export function said({ type, documentation }: Declared): Rule {
  const range = type === "number" ? RANGE.exec(documentation) : null;
  return range ? { minimum: Number(range[1]), maximum: Number(range[2]) } : {};
}
