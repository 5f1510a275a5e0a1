import type { Provider } from "@pulumi/pulumi/provider/index.js";
import { asRecord, plain } from "../provider-values.ts";
import { FUNCTIONS } from "./functions.ts";
import { hex } from "./ids.ts";
import { atChange, atPreview, usersOf } from "./judge.ts";
import { asText, type Place, type TypeRecord } from "./record.ts";
import { RECORDS } from "./records/index.ts";
import { same } from "./values.ts";
import type { Properties, Stored } from "./world.ts";

/** Names of the inputs, kept with the outputs: the engine compares with those, and a removed input would be invisible. */
const INPUTS = "__inputs";

/** A Pulumi provider over an in-memory AWS that refuses what AWS refuses. */
export function awsProvider(version: string, place: Place): Provider {
  const { world } = place;
  const stored = (urn: string, id: string, properties: Properties): Stored => {
    const { type, record } = recordOf(urn);
    const key = record.key === undefined ? id : asText(properties[record.key] ?? id);
    return { type, key, id, urn, properties };
  };
  /** The resource as AWS has it now, by what the state knows of it. */
  const live = (urn: string, id: string, properties: Properties) => {
    const { type, key } = stored(urn, id, properties);
    return world.get(type, key);
  };
  const save = (made: Stored, news: unknown) => {
    world.put(made);
    recordOf(made.urn).record.effect?.(made, place);
    return { ...made.properties, ...asRecord(news), [INPUTS]: Object.keys(asRecord(news)) };
  };

  return {
    version,
    check: (urn, olds: unknown, news: unknown) => {
      const { type, record } = recordOf(urn);
      const inputs = named(record, urn, asRecord(olds), asRecord(news));
      return Promise.resolve({ inputs, failures: atPreview(type, record, asRecord(plain(inputs)), place) });
    },
    diff: (_id, urn, olds: unknown, news: unknown) => {
      const { record } = recordOf(urn);
      const [before, after] = [asRecord(plain(olds)), asRecord(plain(news))];
      const names = new Set([...((before[INPUTS] ?? []) as string[]), ...Object.keys(after)]);
      const changed = [...names].filter((name) => !name.startsWith("__") && !same(before[name], after[name]));
      const replaces = changed.filter((name) => isImmutable(record, name));
      return Promise.resolve({ changes: changed.length > 0, replaces });
    },
    create: (urn, news: unknown) => {
      const { type, record } = recordOf(urn);
      const inputs = asRecord(plain(news));
      refuse(atChange(type, record, inputs, place, undefined));
      const id = record.id(inputs, place);
      const outs = save(stored(urn, id, { ...inputs, ...record.outputs?.(inputs, id, place) }), news);
      return Promise.resolve({ id, outs });
    },
    update: (id, urn, olds: unknown, news: unknown) => {
      const { type, record } = recordOf(urn);
      const before = asRecord(plain(olds));
      const inputs = asRecord(plain(news));
      const self = live(urn, id, before);
      if (self === undefined) throw new Error(`NotFound: ${id} is gone`);
      refuse(atChange(type, record, inputs, place, self));
      // What AWS gave once it keeps: addresses and ARNs are not drawn anew.
      const given = Object.entries(self.properties).filter(([name]) => !isInput(before, name));
      const properties = { ...record.outputs?.(inputs, id, place), ...Object.fromEntries(given), ...inputs };
      const outs = save(stored(urn, id, properties), news);
      return Promise.resolve({ outs });
    },
    read: (id, urn, props: unknown) => {
      const found = live(urn, id, asRecord(plain(props)));
      if (found === undefined) return Promise.resolve({});
      return Promise.resolve({ id, props: { ...asRecord(props), ...changedOutside(asRecord(plain(props)), found) } });
    },
    delete: (id, urn, props: unknown) => {
      const { record, type } = recordOf(urn);
      const self = live(urn, id, asRecord(plain(props)));
      if (self === undefined) return Promise.resolve();
      const users = usersOf(self, RECORDS, place);
      if (users.length > 0) {
        throw new Error(
          `${record.inUse ?? "DependencyViolation"}: ${id} is in use by ${users.map((user) => user.id).join(", ")}`,
        );
      }
      const reason = record.keep?.(self, place);
      if (reason !== undefined) throw new Error(reason);
      record.gone?.(self, place);
      const remains = record.remains?.(self);
      if (remains === undefined) world.remove(type, self.key);
      else world.put({ ...self, properties: { ...remains, remains: true } });
      return Promise.resolve();
    },
    invoke: (token, args: unknown) => {
      const answer = FUNCTIONS[token];
      if (answer === undefined) throw new Error(`the in-memory AWS has no data function ${token}`);
      return Promise.resolve({ outputs: answer(asRecord(plain(args)), place) });
    },
  };
}

function recordOf(urn: string): { type: string; record: TypeRecord } {
  const type = urn.split("::")[2]?.split("$").at(-1) ?? urn;
  const record = RECORDS[type];
  if (record === undefined) throw new Error(`the in-memory AWS has no record of ${type} (tools/aws/records)`);
  return { type, record };
}

function refuse(finding: { reason: string } | undefined): void {
  if (finding !== undefined) throw new Error(finding.reason);
}

/** The inputs with a generated name: the old one as long as the engine wants the same resource. */
function named({ autoname }: TypeRecord, urn: string, olds: Properties, news: Properties): Properties {
  if (autoname === undefined) return news;
  const [property] = autoname;
  if (news[property] !== undefined) return news;
  const logical = urn.split("::").at(-1) ?? "";
  return { ...news, [property]: olds[property] ?? `${logical}-${hex(7)}` };
}

function isImmutable({ immutable = [], autoname }: TypeRecord, name: string): boolean {
  if (immutable === "*") return !["tags", "skipDestroy"].includes(name);
  return immutable.includes(name) || autoname?.[0] === name;
}

const isInput = (before: Properties, name: string) => ((before[INPUTS] ?? []) as string[]).includes(name);

/** What AWS has otherwise than the state: somebody changed it there. Lists of plain values have no order. */
function changedOutside(state: Properties, { properties }: Stored): Properties {
  return Object.fromEntries(Object.entries(properties).filter(([name, value]) => !same(state[name], value)));
}
