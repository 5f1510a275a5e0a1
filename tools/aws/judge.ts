import { asText, valuesAt, type Finding, type Place, type Reference, type TypeRecord } from "./record.ts";
import type { Properties, Stored } from "./world.ts";
import { againstRules } from "./rules/judge.ts";
import { known } from "./values.ts";

type Failure = NonNullable<Finding>;

const isFailure = (found: Finding): found is Failure => found !== undefined;

/** What AWS's provider refuses before it calls AWS; in a preview, what is not known yet is passed over. */
export function atPreview(type: string, record: TypeRecord, inputs: Properties, place: Place): Failure[] {
  const certain = known(inputs) as Properties;
  return [...alone(type, record, inputs, certain, place), ...references(record, certain, place, isGenerated)].filter(
    isFailure,
  );
}

/** What AWS refuses when a resource is made or changed. */
export function atChange(
  type: string,
  record: TypeRecord,
  inputs: Properties,
  place: Place,
  self: Stored | undefined,
): Failure | undefined {
  const cross = () => (record.cross ?? []).map((check) => check(inputs, place, self));
  // One after the other: a check beside others may rely on what the ones before have found right.
  return (
    alone(type, record, inputs, inputs, place).find(isFailure) ??
    references(record, inputs, place, () => true).find(isFailure) ??
    cross().find(isFailure)
  );
}

/** What is wrong with the inputs alone. */
function alone(type: string, record: TypeRecord, inputs: Properties, certain: Properties, place: Place): Finding[] {
  const missing = (record.required ?? [])
    .filter((property) => (inputs[property] ?? undefined) === undefined)
    .map((property) => ({ property, reason: `MissingParameter: ${property} is required` }));
  const checks = (record.checks ?? []).map((check) => check(certain, place));
  const published = againstRules(type, inputs);
  return [...published, ...missing, nameLength(record, certain), ...tagFindings(certain), ...checks];
}

/** An id or ARN that only AWS could have made: in a preview a name may be that of a resource which is yet to come. */
const isGenerated = (value: unknown): boolean => /^arn:|^[a-z]+-0[0-9a-f]{16}$/.test(String(value));

function references(
  record: TypeRecord,
  inputs: Properties,
  place: Place,
  judged: (value: unknown) => boolean,
): Finding[] {
  return (record.references ?? []).flatMap((reference) =>
    valuesAt(inputs, reference.path)
      .filter(judged)
      .filter((value) => !exists(reference, value, place))
      .map((value) => ({ property: reference.path, reason: `${reference.code}: there is no ${String(value)}` })),
  );
}

function exists({ type, by }: Reference, value: unknown, { world }: Place): boolean {
  return world
    .all(type)
    .some((stored) => alive(stored) && (by === undefined ? stored.id : stored.properties[by]) === value);
}

/** Something that only remains, as a revision of a task definition, is there; one that is scheduled for deletion is not. */
export const alive = ({ properties }: Stored): boolean => properties["scheduledForDeletion"] !== true;

/** Resources that name this one: AWS does not delete it as long as they live. */
export function usersOf(stored: Stored, records: Readonly<Record<string, TypeRecord>>, { world }: Place): Stored[] {
  return world.all().filter((other) => {
    if (other.key === stored.key && other.type === stored.type) return false;
    if (other.properties["remains"] === true) return false; // history is no use
    return (records[other.type]?.references ?? [])
      .filter(({ type }) => type === stored.type)
      .some(({ path, by }) => {
        const own = by === undefined ? stored.id : stored.properties[by];
        return valuesAt(other.properties, path).includes(own);
      });
  });
}

/** A logical name may be too long for AWS once the generated part is behind it. */
function nameLength({ autoname }: TypeRecord, inputs: Properties): Finding {
  if (autoname === undefined) return undefined;
  const [property, most] = autoname;
  const length = asText(inputs[property] ?? "").length;
  return length > most
    ? { property, reason: `ValidationError: ${property} has ${length} characters, at most ${most}` }
    : undefined;
}

const MOST_TAGS = 50;

function tagFindings({ tags }: Properties): Finding[] {
  const entries = Object.entries((tags ?? {}) as Record<string, string>);
  if (entries.length > MOST_TAGS)
    return [{ property: "tags", reason: `TooManyTags: ${entries.length} tags, at most ${MOST_TAGS}` }];
  return entries.map(([key, value]) =>
    key.length > 128 || value.length > 256 || key.startsWith("aws:")
      ? { property: "tags", reason: `InvalidTag: ${key}` }
      : undefined,
  );
}
