import { randomInt } from "node:crypto";
import type { RandomType } from "./random-type.ts";
import { secret } from "../provider-values.ts";

const LOWER = "abcdefghijklmnopqrstuvwxyz";
const UPPER = LOWER.toUpperCase();
const DIGITS = "0123456789";
const SPECIAL = "!@#$%&*()-_=+[]{}<>:?";

interface CharacterClass {
  readonly characters: string;
  readonly least: number;
}

/** A password by the rules of `random.RandomPassword`; `result` is a secret. It has no `bcryptHash`: nothing here uses it. */
export const randomPassword: RandomType = {
  defaults: {
    ...{ lower: true, upper: true, number: true, numeric: true, special: true },
    ...{ minLower: 0, minUpper: 0, minNumeric: 0, minSpecial: 0 },
  },
  check: (inputs) => {
    const length = Number(inputs["length"]);
    const classes = classesOf(inputs);
    const least = classes.reduce((sum, each) => sum + each.least, 0);
    if (classes.length === 0) return [{ property: "length", reason: "no class of characters is left to choose from" }];
    if (!(length >= Math.max(1, least)))
      return [{ property: "length", reason: `must be ${Math.max(1, least)} or more` }];
    return [];
  },
  create: (inputs) => {
    const classes = classesOf(inputs);
    const every = classes.map(({ characters }) => characters).join("");
    const chosen = classes.flatMap(({ characters, least }) => Array.from({ length: least }, () => pick(characters)));
    while (chosen.length < Number(inputs["length"])) chosen.push(pick(every));
    return { id: "none", outputs: { result: secret(shuffled(chosen).join("")) } };
  },
};

function classesOf(inputs: Readonly<Record<string, unknown>>): CharacterClass[] {
  const { overrideSpecial } = inputs;
  const special = typeof overrideSpecial === "string" && overrideSpecial !== "" ? overrideSpecial : SPECIAL;
  const all: [boolean, string, unknown][] = [
    [inputs["lower"] === true, LOWER, inputs["minLower"]],
    [inputs["upper"] === true, UPPER, inputs["minUpper"]],
    [inputs["numeric"] === true && inputs["number"] === true, DIGITS, inputs["minNumeric"]],
    [inputs["special"] === true, special, inputs["minSpecial"]],
  ];
  return all.filter(([used]) => used).map(([, characters, least]) => ({ characters, least: Number(least) }));
}

function pick(characters: string): string {
  return characters.charAt(randomInt(characters.length));
}

/** Fisher and Yates, with a generator that is fit for secrets. */
function shuffled(items: readonly string[]): string[] {
  const mixed = [...items];
  for (let last = mixed.length - 1; last > 0; last -= 1) {
    const other = randomInt(last + 1);
    [mixed[last], mixed[other]] = [mixed[other] ?? "", mixed[last] ?? ""];
  }
  return mixed;
}
