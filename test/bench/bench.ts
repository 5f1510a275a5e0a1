import { CASE_NAMES, CASES } from "./cases.ts";
import type { Case, CaseName } from "./cases.ts";
import { judge, ratiosOf } from "./judge.ts";
import type { Judgement, Ratios } from "./judge.ts";
import { machine } from "./machine.ts";
import type { Machine } from "./machine.ts";
import { measure } from "./measure.ts";
import type { Effort, SideResult } from "./measure.ts";
import { overTls } from "./question.ts";
import { sides } from "./sides.ts";
import type { SideName } from "./sides.ts";

export interface CaseResult {
  readonly case: CaseName;
  readonly sides: readonly SideResult<SideName>[];
  readonly ratios: Ratios;
  readonly floors: readonly Judgement[];
}

export interface Results {
  readonly machine: Machine;
  readonly effort: Effort;
  readonly cases: readonly CaseResult[];
  /** Measured beside the cases, without a floor. */
  readonly printed: readonly CaseResult[];
}

/**
 * Measures the cases of these names.
 * @param say Takes a line of progress.
 * @param done Takes each case as soon as it is measured.
 */
export async function bench(
  names: readonly CaseName[],
  effort: Effort,
  say: (line: string) => void,
  done: (one: Case, result: CaseResult) => void,
): Promise<Results> {
  const results: CaseResult[] = [];
  const facts = await machine();
  for (const one of CASES.filter(({ name }) => names.includes(name))) {
    say(`${one.name} …`);
    const all = sides(overTls(one));
    const measured = await measure(
      one,
      one.sides.map((name) => all[name]),
      effort,
      say,
    );
    const ratios = ratiosOf(measured);
    const result = { case: one.name, sides: measured, ratios, floors: judge(one.floors, measured, ratios) };
    results.push(result);
    done(one, result);
  }
  const judged = (name: CaseName) => CASE_NAMES.some((known) => known === name);
  return {
    machine: facts,
    effort,
    cases: results.filter((result) => judged(result.case)),
    printed: results.filter((result) => !judged(result.case)),
  };
}
