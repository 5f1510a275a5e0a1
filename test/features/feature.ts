import type { Lab } from "./lab.ts";

/** Something that the system does, as the table in README.md and docs/features.md names it. */
export interface Feature {
  readonly feature: string;
  /** Settings that decide it. */
  readonly settings: readonly string[];
  /** Directives of nginx, or options of Gunicorn, that they become. */
  readonly directives: readonly string[];
  /** The file that proves it. */
  readonly test: string;
}

/** A change of nginx.conf that takes the ability away, and that nginx still accepts. */
export type Mutation = readonly [line: RegExp, becomes?: string];

/** A feature of nginx.conf: what it takes, how it shows, and what it does not work without. */
export interface Served extends Omit<Feature, "test"> {
  /** Settings beside those of the lab. */
  readonly set: (lab: Lab) => Readonly<Record<string, unknown>>;
  /** Asks over HTTP. An assertion fails when the ability is not there. */
  readonly check: (lab: Lab) => Promise<void>;
  /** Each makes `check` fail; together they have every directive of the list. Without a replacement the lines are taken away. */
  readonly mutations: readonly Mutation[];
}
