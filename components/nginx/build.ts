import { UserError } from "../shared/user-error.ts";
import { directives } from "./directives.ts";
import type { Directive } from "./directives.ts";
import type { Context, Node } from "./model.ts";

type Table = typeof directives;

/** Derived from the table, not written: `nginx.<directive>(...arguments)`, a block's content after its arguments. */
export type Build = {
  readonly [K in keyof Table]: Table[K] extends { readonly inside: infer B extends Context }
    ? Table[K] extends Directive<infer C, infer A, B>
      ? (...args: [...A, ...Node<B>[]]) => Node<C>
      : never
    : Table[K] extends Directive<infer C, infer A, never>
      ? (...args: A) => Node<C>
      : never;
};

function builder(key: string, directive: Directive) {
  const { parse, inside, name = key, since } = directive;
  // A block's own arguments are as many as its parser takes: none of them is optional.
  const own = inside === undefined ? undefined : parse.length;
  return (...args: unknown[]) => ({
    name,
    args: named(name || key, () => parse(...(args.slice(0, own) as never))),
    ...(own !== undefined && { block: args.slice(own) }),
    ...(since !== undefined && { since }),
  });
}

/** A value that is refused is reported with the directive that it was meant for. */
function named<T>(directive: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UserError(error.problems.map((problem) => ({ ...problem, where: `nginx ${directive}` })));
  }
}

/** One function for each directive of the table. A directive in the wrong block, or a wrong unit, is a compile error. */
export const nginx = Object.fromEntries(
  Object.entries(directives).map(([key, directive]) => [key, builder(key, directive as Directive)]),
) as unknown as Build;
