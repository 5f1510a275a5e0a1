import type { Timeouts } from "./timeouts.ts";

/** A relation between two limits that does not hold. */
export interface Violation {
  readonly rule: string;
  /** What goes wrong, with the numbers. */
  readonly message: string;
}

/** `low` (+ margin) must not exceed `high`. A rule without a limit on one side does not apply. */
export interface Rule {
  readonly name: string;
  readonly low: (t: Timeouts) => number | undefined;
  readonly high: (t: Timeouts) => number | undefined;
  /** At least so much between the two; 1 makes the relation strict for whole seconds. */
  readonly margin: number;
  /** What happens otherwise. */
  readonly otherwise: string;
}

export const rule = (name: string, low: Rule["low"], margin: number, high: Rule["high"], otherwise: string): Rule => ({
  name,
  low,
  margin,
  high,
  otherwise,
});

/** The rules that do not hold. */
export const violations = (rules: readonly Rule[], timeouts: Timeouts): Violation[] =>
  rules.flatMap(({ name, low, margin, high, otherwise }) => {
    const [below, above] = [low(timeouts), high(timeouts)];
    if (below === undefined || above === undefined || below + margin <= above) return [];
    return [{ rule: name, message: `${below} + ${margin} is more than ${above}: ${otherwise}.` }];
  });
