import { readFileSync, writeFileSync } from "node:fs";
import { bench } from "../test/bench/bench.ts";
import { CASE_NAMES, PRINTED_NAMES } from "../test/bench/cases.ts";
import type { CaseName } from "../test/bench/cases.ts";
import { disturbed, document, facts, table } from "../test/bench/report.ts";
import { picture } from "../test/bench/svg.ts";
import { UserError } from "../components/shared/user-error.ts";
import { inRoot, main, options, parse } from "./lib/command.ts";
import { useTools } from "./lib/session.ts";

const USAGE = "npm run bench [-- --case <name> …] [--rounds 8] [--seconds 3] [--short] [--json] [--write]";
const KNOWN: readonly CaseName[] = [...CASE_NAMES, ...PRINTED_NAMES];
const DOCUMENT = "docs/performance.md";
const PICTURE = "docs/performance.svg";

/** One round of a second shows that all of it works, and says nothing about speed. */
const SHORT = { rounds: 1, seconds: 1 };

/** The fewest rounds whose medians are worth a page; even, as every number of rounds there. */
const FEWEST_WRITTEN = 6;

await main(async () => {
  const { values } = parse(USAGE, {
    json: options.json,
    case: { type: "string", multiple: true, default: [] as string[] },
    rounds: { type: "string", default: "8" },
    seconds: { type: "string", default: "3" },
    short: { type: "boolean", default: false },
    write: { type: "boolean", default: false },
  });
  const names = values.case.length ? values.case.map(caseName) : KNOWN;
  const effort = values.short
    ? SHORT
    : { rounds: count("--rounds", values.rounds, 99), seconds: count("--seconds", values.seconds, 60) };
  if (values.write && (names !== KNOWN || effort.rounds < FEWEST_WRITTEN)) {
    const remedy = `Leave out --case and --short, and measure at least ${FEWEST_WRITTEN} rounds.`;
    throw new UserError([{ where: "--write", what: `${DOCUMENT} shows whole runs only.`, remedy }]);
  }
  if (values.write && effort.rounds % 2 === 1) {
    const what = `${effort.rounds} is odd, and every other round has the reverse order: who comes first would have one more.`;
    throw new UserError([{ where: "--rounds", what, remedy: "Write an even number with --write." }]);
  }

  await useTools(["docker engine", "image debian:13-slim"]);
  const say = (line: string) => {
    console.error(line);
  };
  const results = await bench(names, effort, say, (one, result) => {
    if (!values.json) console.log(table(one, result));
  });
  if (values.json) console.log(JSON.stringify(results, undefined, 2));
  else console.log(`${facts(results.machine)}\n${disturbed(results)}`.trimEnd());
  if (values.write) {
    writeFileSync(inRoot(PICTURE), picture(results.cases));
    writeFileSync(inRoot(DOCUMENT), document(readFileSync(inRoot(DOCUMENT), "utf8"), results));
  }
  const judged = results.cases.flatMap(({ floors }) => floors);
  const broken = judged.filter(({ measure, holds }) => !holds && (!values.short || measure.startsWith("errors")));
  return broken.length === 0 ? 0 : 1;
});

function caseName(text: string): CaseName {
  const found = KNOWN.find((name) => name === text);
  if (found === undefined)
    throw new UserError([{ where: "--case", what: `"${text}" is not a case.`, remedy: `Cases: ${KNOWN.join(", ")}.` }]);
  return found;
}

function count(where: string, text: string, most: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= most) return value;
  throw new UserError([{ where, what: `"${text}" will not do.`, remedy: `Write a whole number from 1 to ${most}.` }]);
}
