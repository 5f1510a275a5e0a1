/** The values of each key, each with a name that a reader of a failure understands. */
export type Values = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** One name of a value for each key. */
export type Row = Readonly<Record<string, string>>;

/** Two values of different keys. */
export type Pair = readonly [key: string, value: string, otherKey: string, otherValue: string];

/** `key=value & other=name`, the same for a pair and its reverse. */
export const nameOf = ([key, value, otherKey, otherValue]: Pair): string =>
  key < otherKey ? `${key}=${value} & ${otherKey}=${otherValue}` : `${otherKey}=${otherValue} & ${key}=${value}`;

/** Every pair of values of two different keys. */
export function allPairs(values: Values): Pair[] {
  const keys = Object.keys(values);
  return keys.flatMap((key, index) =>
    keys
      .slice(index + 1)
      .flatMap((other) =>
        names(values, key).flatMap((value) => names(values, other).map((name): Pair => [key, value, other, name])),
      ),
  );
}

/** The pairs of a list that no row holds. */
export function missing(pairs: readonly Pair[], rows: readonly Row[]): Pair[] {
  return pairs.filter(([key, value, other, name]) => !rows.some((row) => row[key] === value && row[other] === name));
}

/**
 * Few rows that together hold every pair but the excluded ones, of which no row holds any.
 * Greedy: each row starts with a pair that is still missing, and is the best of some tries.
 *
 * @throws Error when a pair can stand in no row: it has to be excluded too
 */
export function pairwise(values: Values, excluded: readonly Pair[], seed: number): Row[] {
  const random = randomNumbers(seed);
  const forbidden = new Set(excluded.map(nameOf));
  const left = new Map(
    allPairs(values)
      .filter((pair) => !forbidden.has(nameOf(pair)))
      .map((pair) => [nameOf(pair), pair]),
  );
  const held = (row: Row) => allPairs(namesOnly(row)).map(nameOf);
  const rows: Row[] = [];
  for (;;) {
    const first = [...left.values()][0];
    if (first === undefined) return rows;
    const tries = Array.from({ length: 20 }, () => fill(values, first, forbidden, left, random)).filter(
      (row) => row !== undefined,
    );
    const gains = tries.map((row) => held(row).filter((pair) => left.has(pair)).length);
    const best = tries[gains.indexOf(Math.max(...gains))];
    if (best === undefined) throw new Error(`no valid settings hold ${nameOf(first)}`);
    rows.push(best);
    for (const pair of held(best)) left.delete(pair);
  }
}

/** A row with that pair; each further key, in random order, takes the value that brings most of the missing pairs. */
function fill(
  values: Values,
  [key, value, otherKey, otherValue]: Pair,
  forbidden: ReadonlySet<string>,
  left: ReadonlyMap<string, Pair>,
  random: () => number,
): Row | undefined {
  const row: Record<string, string> = { [key]: value, [otherKey]: otherValue };
  for (const next of shuffled(Object.keys(values), random)) {
    if (row[next] !== undefined) continue;
    const taken = Object.entries(row);
    const rated = shuffled(names(values, next), random)
      .map((name) => ({ name, pairs: taken.map(([has, of]) => nameOf([next, name, has, of])) }))
      .filter(({ pairs }) => !pairs.some((pair) => forbidden.has(pair)))
      .map(({ name, pairs }) => ({ name, gain: pairs.filter((pair) => left.has(pair)).length }));
    const [best] = rated.sort((a, b) => b.gain - a.gain);
    if (best === undefined) return undefined;
    row[next] = best.name;
  }
  return row;
}

const names = (values: Values, key: string): string[] => Object.keys(values[key] ?? {});
const namesOnly = (row: Row): Values =>
  Object.fromEntries(Object.entries(row).map(([key, value]) => [key, { [value]: true }]));

function shuffled<T>(list: readonly T[], random: () => number): T[] {
  return list
    .map((item) => ({ item, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
function randomNumbers(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
