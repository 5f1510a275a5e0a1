import type { Floor } from "./cases.ts";
import type { SideResult } from "./measure.ts";
import type { SideName } from "./sides.ts";
import { medianRatio } from "./statistics.ts";

/** One thing that has to hold, and whether it does. */
export interface Judgement {
  /** `ours/raw` for a speed, `bytes original/ours` for a size, `errors of ours`. */
  readonly measure: string;
  readonly value: number;
  readonly floor: number;
  readonly target?: number;
  readonly holds: boolean;
  /** Absent where nothing above the floor is aimed at. */
  readonly targetMet?: boolean;
}

export type Ratios = Readonly<Record<string, number>>;

/** How much faster the product is than each other side that answered at all, as `ours/raw`. */
export function ratiosOf(sides: readonly SideResult<SideName>[]): Ratios {
  const ours = sides.find(({ side }) => side === "ours");
  if (ours === undefined) return {};
  const others = sides.filter(({ side, rps }) => side !== "ours" && rps.every((rate) => rate > 0));
  return Object.fromEntries(others.map(({ side, rps }) => [`ours/${side}`, medianRatio(ours.rps, rps)]));
}

/** What has to hold of a case; that the product makes no error, always. */
export function judge(floors: readonly Floor[], sides: readonly SideResult<SideName>[], ratios: Ratios): Judgement[] {
  const of = (name: SideName) => {
    const found = sides.find(({ side }) => side === name);
    if (found === undefined) throw new Error(`${name} was not measured`);
    return found;
  };
  const judged = floors.map(({ of: what, side, base, floor, target }): Judgement => {
    const measure = what === "speed" ? `${side}/${base}` : `bytes ${base}/${side}`;
    const value = what === "speed" ? (ratios[measure] ?? NaN) : of(base).bytes / of(side).bytes;
    const aim = target === undefined ? {} : { target, targetMet: value >= target };
    return { measure, value, floor, ...aim, holds: value >= floor };
  });
  const ours = sides.filter(({ side }) => side === "ours");
  return [
    ...judged,
    ...ours.map(({ errors }) => ({ measure: "errors of ours", value: errors, floor: 0, holds: errors === 0 })),
  ];
}
