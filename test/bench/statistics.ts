/** The middle value; of an even number of values the mean of the two in the middle. @throws There is none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.floor((sorted.length - 1) / 2)];
  if (upper === undefined || lower === undefined) throw new Error("no values");
  return (upper + lower) / 2;
}

/**
 * How much faster one side is than another: the median of the rounds' ratios. Both sides of a round ran within seconds of one
 * another, so what slows the machine down for a while slows both.
 */
export function medianRatio(side: readonly number[], base: readonly number[]): number {
  if (side.length !== base.length) throw new Error(`${side.length} rounds against ${base.length}`);
  return median(side.map((value, round) => value / (base[round] ?? NaN)));
}

/** The order of the sides in a round, counted from 0: reversed every other time, so that no side always follows the same one. */
export const orderOf = <T>(sides: readonly T[], round: number): readonly T[] =>
  round % 2 === 0 ? sides : [...sides].reverse();
