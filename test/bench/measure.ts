import { allAnswer, bytesOf } from "./answers.ts";
import { load, MARGIN } from "./client.ts";
import type { Measured } from "./client.ts";
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
  /** The share of the machine that other programs took meanwhile. */
  readonly neighbours: number[];
  /** One answer with its head as it is sent, or what nginx sends for one handshake. */
  readonly bytes: number;
  /** Refused, broken, timed out or answered with 400 and above, in all rounds. */
  errors: number;
}

/** A measurement is tried so often while other programs take more than this share of the machine. */
const ATTEMPTS = 3;
export const MOST_NEIGHBOURS = 0.1;

/** Measures the sides one after the other in rounds, in a container of their own. */
export async function measure<Name extends string>(
  question: Question,
  sides: readonly Side<Name>[],
  { rounds, seconds }: Effort,
  say: (line: string) => void,
): Promise<SideResult<Name>[]> {
  const container = await startContainer(10 * MARGIN + sides.length * (rounds + 1) * ATTEMPTS * (seconds + MARGIN));
  try {
    await serve(container, sides);
    await allAnswer(container, question, sides);
    const measured: { readonly side: Side<Name>; readonly result: SideResult<Name> }[] = [];
    for (const side of sides) {
      const bytes = await bytesOf(container, question, side);
      const nothing = { rps: [], p99ms: [], cpuMicros: [], neighbours: [], errors: 0 };
      measured.push({ side, result: { side: side.name, ...nothing, bytes } });
    }
    // Caches of processor and file system are warm when it counts.
    if (rounds > 1) for (const side of sides) await load(container, question, side, 1);
    for (let round = 0; round < rounds; round++) {
      for (const { side, result } of orderOf(measured, round)) {
        const attempt = () => load(container, question, side, seconds);
        const found = await quietest(attempt, rounds > 1 ? ATTEMPTS : 1);
        result.rps.push(rounded(found.answers / found.seconds, 1));
        result.p99ms.push(found.p99ms);
        result.cpuMicros.push(found.answers === 0 ? 0 : rounded((found.cpu * 1e6) / found.answers, 2));
        result.neighbours.push(found.neighbours);
        result.errors += found.errors;
      }
      const rates = measured.map(({ result }) => `${result.side} ${Math.round(result.rps.at(-1) ?? 0)}`);
      say(`  round ${round + 1} of ${rounds}: ${rates.join(", ")}`);
    }
    return measured.map(({ result }) => result);
  } finally {
    await container.remove();
  }
}

/** The attempt in which other programs took least of the machine, with the errors of all. What it measured plays no part. */
async function quietest(attempt: () => Promise<Measured>, most: number): Promise<Measured> {
  let [best, errors] = [await attempt(), 0];
  for (let tries = 1; tries < most && best.neighbours > MOST_NEIGHBOURS; tries++) {
    const next = await attempt();
    errors += next.neighbours < best.neighbours ? best.errors : next.errors;
    if (next.neighbours < best.neighbours) best = next;
  }
  return { ...best, errors: best.errors + errors };
}

const rounded = (value: number, digits: number) => Number(value.toFixed(digits));
