// The provider of @pulumi/random where Pulumi's own cannot be had: the types that the project uses, with the same defaults, the
// same replacements and the same secrets. Behaviour: https://www.pulumi.com/registry/packages/random/api-docs/
import { isDeepStrictEqual } from "node:util";
import { main } from "@pulumi/pulumi/provider/index.js";
import type { Provider } from "@pulumi/pulumi/provider/index.js";
import { endWithParent } from "../end-with-parent.ts";
import { randomId } from "./random-id.ts";
import { randomPassword } from "./random-password.ts";
import type { RandomType } from "./random-type.ts";
import { asRecord, isUnknown, plain } from "../provider-values.ts";

const TYPES: Readonly<Record<string, RandomType>> = {
  "random:index/randomPassword:RandomPassword": randomPassword,
  "random:index/randomId:RandomId": randomId,
};

const COMPUTED = new Set(["result", "b64Std", "b64Url", "dec", "hex"]);

function typeOf(urn: string): RandomType {
  const token = urn.split("::")[2]?.split("$").at(-1) ?? urn;
  const type = TYPES[token];
  if (type === undefined)
    throw new Error(`${token} is not one of the types of tools/random-provider: ${Object.keys(TYPES).join(", ")}`);
  return type;
}

const provider: Provider = {
  version: "4.21.2",
  check: (urn, _olds: unknown, news: unknown) => {
    const type = typeOf(urn);
    const inputs = { ...type.defaults, ...asRecord(news) };
    const failures = Object.values(inputs).some(isUnknown) ? [] : type.check(asRecord(plain(inputs)));
    return Promise.resolve({ inputs, failures });
  },
  // Nothing random can change in place: any other input makes another value.
  diff: (_id, _urn, olds: unknown, news: unknown) => {
    const [before, after] = [asRecord(plain(olds)), asRecord(plain(news))];
    const names = new Set([...Object.keys(before), ...Object.keys(after)]);
    const replaces = [...names].filter((name) => !COMPUTED.has(name) && !isDeepStrictEqual(before[name], after[name]));
    return Promise.resolve({ changes: replaces.length > 0, replaces });
  },
  create: (urn, news: unknown) => {
    const { id, outputs } = typeOf(urn).create(asRecord(plain(news)));
    return Promise.resolve({ id, outs: { ...asRecord(news), ...outputs } });
  },
};

endWithParent();
await main(provider, process.argv.slice(2));
