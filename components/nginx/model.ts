/** The blocks of an nginx configuration that this project writes into. */
export type Context = "main" | "events" | "http" | "upstream" | "server" | "location" | Inner;

/** Blocks that take entries of their own (`map`, `geo`, `types`) or hardly any directive (`if`). */
export type Inner = "map" | "geo" | "types" | "if";

/** An nginx variable, made only by {@link v}: text from a user can never become one. */
export interface Variable {
  readonly variable: string;
}

/** A regular expression, where `$` is an anchor and not the start of a variable. */
export interface Pattern {
  readonly pattern: string;
}

/** A line feed in a response body. Strings that hold one are refused, so that no user's text reaches a header with it. */
export interface LineFeed {
  readonly lineFeed: true;
}

/** A string is literal text, never code: nginx reads back exactly its bytes. */
export type Value = string | Variable;

/** One argument of a directive: a value, or several that are written without a blank between them. */
export type Word = Value | Pattern | readonly (Value | Pattern | LineFeed)[];

/**
 * A directive, with its block if it has one.
 * `allowedIn` never exists at run time. It makes the type contravariant: a node fits only into the contexts that it
 * lists, through spreads and mixed arrays too (docs/nginx.md, The model).
 */
export interface Node<C extends Context> {
  /** Empty for an entry of a `map` or `geo`, which begins with its first word. */
  readonly name: string;
  readonly args: readonly Word[];
  readonly block?: readonly Node<never>[];
  /** The first nginx version that takes the directive in this form, where that matters. */
  readonly since?: string;
  readonly allowedIn?: (context: C) => void;
}
