import type { CaseResult, Results } from "./bench.ts";
import { CASES } from "./cases.ts";
import type { Case } from "./cases.ts";
import type { Judgement } from "./judge.ts";
import type { Machine } from "./machine.ts";
import { MOST_NEIGHBOURS } from "./measure.ts";
import { median } from "./statistics.ts";

const whole = (value: number) => Math.round(value).toLocaleString("en-US");
const tenths = (value: number) => (value < 100 ? value.toFixed(1) : whole(value));
const times = (ratio: number | undefined) =>
  ratio === undefined ? "" : `${ratio < 10 ? ratio.toFixed(2) : whole(ratio)} x`;

const HEAD = ["side", "answers/s", "lowest-highest", "p99 ms", "CPU µs", "bytes", "errors", "ours is"];
const WIDTHS = [9, 9, 15, 7, 9, 9, 9, 9];

/** What a row of a table says of one side. */
const cells = ({ sides, ratios }: CaseResult): string[][] =>
  sides.map(({ side, rps, p99ms, cpuMicros, bytes, errors }) => [
    side,
    whole(median(rps)),
    `${whole(Math.min(...rps))}-${whole(Math.max(...rps))}`,
    tenths(median(p99ms)),
    tenths(median(cpuMicros)),
    whole(bytes),
    whole(errors),
    times(ratios[`ours/${side}`]),
  ]);

/** A case for a terminal of 80 columns, without colour. */
export function table({ name, what }: Pick<Case, "name" | "what">, result: CaseResult): string {
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(WIDTHS[0] ?? 0) : cell.padStart(WIDTHS[column] ?? 0)))
      .join("");
  const rows = [HEAD, ...cells(result)].map((row) => `  ${line(row)}`.trimEnd());
  return [`${name}: ${what}`, ...rows, ...result.floors.map((one) => `  ${verdict(one)}`), ""].join("\n");
}

/** Whether a floor holds, and whether its target is met. */
export function verdict({ measure, value, floor, target, targetMet, holds }: Judgement): string {
  if (measure.startsWith("errors")) return `${holds ? "✔" : "✖"} ${measure}: ${whole(value)}`;
  const aim = target === undefined ? "" : `, target ${target} ${targetMet ? "met" : "missed"}`;
  return `${holds ? "✔" : "✖"} ${measure} ${value < 10 ? value.toFixed(3) : whole(value)}, floor ${floor} ${holds ? "holds" : "does not hold"}${aim}`;
}

/** Said where other programs took part in the measurement. Empty when they hardly did. */
export function disturbed({ cases, printed }: Results): string {
  const shares = [...cases, ...printed].flatMap(({ sides }) => sides.map(({ neighbours }) => median(neighbours)));
  const most = Math.max(0, ...shares);
  if (most < MOST_NEIGHBOURS) return "";
  return `Other programs took up to ${whole(most * 100)} % of the machine: rates and ratios swing.`;
}

/** The facts of the machine as one sentence. */
export const facts = ({ cpus, cpu, memory, kernel, nginx, gunicorn, django, python, openssl, wrk }: Machine): string =>
  `${cpus} CPUs (${cpu}), ${memory}, kernel ${kernel}; nginx ${nginx}, Gunicorn ${gunicorn}, Django ${django}, ` +
  `Python ${python}, OpenSSL ${openssl}, wrk ${wrk}`;

const BEGIN = "<!-- figures: npm run bench -- --write -->";
const END = "<!-- end of figures -->";

/**
 * docs/performance.md with the figures of a run in place of those that it had; what people wrote around them stays.
 * @throws The text has no place for them.
 */
export function document(before: string, results: Results): string {
  const { machine, effort, cases, printed } = results;
  const [head, , tail] = before.split(new RegExp(`(?<=${BEGIN})|(?=${END})`));
  if (head === undefined || tail === undefined) throw new Error(`"${BEGIN}" and "${END}" are missing`);
  const how = [
    `${effort.rounds} rounds of ${effort.seconds} s for each side; medians. ${facts(machine)}.`,
    disturbed(results),
  ].join(" ");
  return [head, "", how.trimEnd(), "", ...[...cases, ...printed].map(section), tail].join("\n");
}

function section(result: CaseResult): string {
  const row = (of: readonly string[]) => `| ${of.join(" | ")} |`;
  const rule = HEAD.map((_, column) => (column === 0 ? "---" : "---:"));
  const floors = result.floors.map((one) => `- ${verdict(one)}`);
  const what = CASES.find(({ name }) => name === result.case)?.what ?? "";
  const rows = [row(HEAD), row(rule), ...cells(result).map(row)];
  return [`### ${result.case}: ${what}`, "", ...rows, ...(floors.length ? ["", ...floors] : []), ""].join("\n");
}
