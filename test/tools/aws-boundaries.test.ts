/** What AWS refuses, as pairs: the last input that is taken and the first that is not. */
import assert from "node:assert/strict";
import { after, before, suite, test } from "node:test";
import { RULES } from "../../tools/aws/rules/judge.ts";
import type { Rule, Rules } from "../../tools/aws/rules/rule.ts";
import type { Properties } from "../../tools/aws/world.ts";
import { Account } from "./aws-account.ts";
import { furnish } from "./aws-furniture.ts";
import { PAIRS } from "./aws-pairs.ts";

interface Pair {
  readonly what: string;
  readonly last: unknown;
  readonly first: unknown;
}

/** Limits of the schemas that another input or rule narrows: their pairs stand in aws-pairs.ts. */
const NARROWED = /SecurityGroup\w+Rule (fromPort|toPort)|Record (name|zoneId)|RolePolicy role|Instance username/;
/** Names that the program leaves to Pulumi, with a value to begin from. */
const NAMES = {
  "aws:cloudwatch/logGroup:LogGroup": { name: "logs" },
  "aws:ecr/repository:Repository": { name: "shop" },
  "aws:iam/role:Role": { name: "role" },
  "aws:iam/rolePolicy:RolePolicy": { name: "policy" },
  "aws:rds/instance:Instance": { identifier: "shop" },
  "aws:s3/bucket:Bucket": { bucket: "shop" },
  "aws:secretsmanager/secret:Secret": { name: "key" },
} as Readonly<Record<string, Properties>>;

/** Every limit on the values that are there, with the value on either side of it in its place. */
function pairsOf(rules: Rules, value: Properties, at: string, put: (inner: Properties) => Properties): Pair[] {
  return Object.entries(value).flatMap(([name, inner]) => {
    const rule = rules[name] ?? {};
    const place = (other: unknown) => put({ ...value, [name]: other });
    const [only] = Array.isArray(inner) ? (inner as unknown[]) : [inner];
    const back = (other: unknown) => place(Array.isArray(inner) ? [other] : other);
    if (rule.properties) return pairsOf(rule.properties, only as Properties, `${at}${name}.`, back);
    return limitsOf(rule, only).map(([what, last, first]) => ({
      what: `${at}${name}: ${what}`,
      last: back(last),
      first: back(first),
    }));
  });
}

function limitsOf(rule: Rule, value: unknown): [string, unknown, unknown][] {
  const text = String(value);
  return [
    ...(rule.enum ? [[`one of ${rule.enum.length}`, value, `${text}0`] as [string, unknown, unknown]] : []),
    ...(rule.minimum === undefined
      ? []
      : [[`from ${rule.minimum}`, rule.minimum, rule.minimum - 1] as [string, number, number]]),
    ...(rule.maximum === undefined
      ? []
      : [[`to ${rule.maximum}`, rule.maximum, rule.maximum + 1] as [string, number, number]]),
    ...(rule.maxLength === undefined
      ? []
      : [
          [`${rule.maxLength} characters`, text.padEnd(rule.maxLength, "a"), text.padEnd(rule.maxLength + 1, "a")] as [
            string,
            string,
            string,
          ],
        ]),
  ];
}

suite("the in-memory AWS takes the last value and refuses the first beyond", () => {
  let account: Account;
  let valid: Readonly<Record<string, Properties>>;
  const cleaning: (() => void)[] = [];
  let count = 0;

  before(async () => {
    account = new Account((clean) => cleaning.push(clean));
    valid = await furnish(account);
  });
  after(() => {
    for (const clean of cleaning) clean();
    assert.ok(count >= 60, `${count} pairs`);
  });

  async function judge(type: string, { what, last, first }: Pair, expected: RegExp): Promise<void> {
    assert.equal(await account.refusal(type, last as Properties), "", `${what}: refused, though it is valid`);
    assert.match(await account.refusal(type, first as Properties), expected, what);
    count++;
  }

  test("by the published schemas", async (t) => {
    for (const [type, inputs] of Object.entries(valid)) {
      const pairs = pairsOf(RULES[type] ?? {}, { ...inputs, ...NAMES[type] }, "", (all) => all);
      for (const pair of pairs) {
        const [, name = ""] = type.split(":").slice(1);
        if (NARROWED.test(`${name} ${pair.what}`)) continue;
        const [path = ""] = pair.what.split(":");
        await judge(type, pair, new RegExp(`ValidationError: ${path.replace(/\./g, "(\\[0\\])?\\.")}(\\[0\\])? `));
      }
    }
    t.diagnostic(`${count} pairs`);
  });

  for (const [type, pairs] of Object.entries(PAIRS)) {
    test(type, async () => {
      for (const [what, last, first, expected] of pairs) {
        const over = (more: Properties) => ({ ...valid[type], ...more });
        await judge(type, { what, last: over(last), first: over(first) }, expected);
      }
    });
  }
});
