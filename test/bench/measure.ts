import { allAnswer, bytesOf } from "./answers.ts";
import { load, MARGIN } from "./client.ts";
import { startContainer } from "./container.ts";
import type { Question } from "./question.ts";
import { serve } from "./sides.ts";
import type { Side } from "./sides.ts";
import { orderOf } from "./statistics.ts";

/** How long and how often. */
export interface Effort {
  readonly rounds: number;
  /** Of each measurement. */
  readonly seconds: number;
}

export interface SideResult<Name extends string> {
  readonly side: Name;
  /** Answers a second without an error, for each round. */
  readonly rps: number[];
  readonly p99ms: number[];
  /** CPU that the side's servers took for one answer, in microseconds: what neighbours on the machine change least. */
  readonly cpuMicros: number[];
  /** One answer with its head as it is sent, or what nginx sends for one handshake. */
  readonly bytes: number;
  /** Refused, broken, timed out or answered with 400 and above, in all rounds. */
  errors: number;
}

/** Measures the sides one after the other in rounds, in a container of their own. */
export async function measure<Name extends string>(
  question: Question,
  sides: readonly Side<Name>[],
  { rounds, seconds }: Effort,
  say: (line: string) => void,
): Promise<SideResult<Name>[]> {
  const container = await startContainer(10 * MARGIN + sides.length * (rounds + 1) * (seconds + MARGIN));
  try {
    await serve(container, sides);
    await allAnswer(container, question, sides);
    const measured: { readonly side: Side<Name>; readonly result: SideResult<Name> }[] = [];
    for (const side of sides) {
      const bytes = await bytesOf(container, question, side);
      measured.push({ side, result: { side: side.name, rps: [], p99ms: [], cpuMicros: [], bytes, errors: 0 } });
    }
    // Caches of processor and file system are warm when it counts.
    if (rounds > 1) for (const side of sides) await load(container, question, side, 1);
    for (let round = 0; round < rounds; round++) {
      for (const { side, result } of orderOf(measured, round)) {
        const { answers, seconds: took, p99ms, cpu, errors } = await load(container, question, side, seconds);
        result.rps.push(Math.round((answers / took) * 10) / 10);
        result.p99ms.push(p99ms);
        result.cpuMicros.push(answers === 0 ? 0 : Math.round((cpu / answers) * 1e8) / 100);
        result.errors += errors;
      }
      const rates = measured.map(({ result }) => `${result.side} ${Math.round(result.rps.at(-1) ?? 0)}`);
      say(`  round ${round + 1} of ${rounds}: ${rates.join(", ")}`);
    }
    return measured.map(({ result }) => result);
  } finally {
    await container.remove();
  }
}
