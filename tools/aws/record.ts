import type { Properties, Stored, World } from "./world.ts";

/** What every record is given: where this AWS is, and what is in it. */
export interface Place {
  readonly account: string;
  readonly region: string;
  /** Host and port of the registry that stands for ECR. */
  readonly registry: string;
  readonly world: World;
  readonly seed: Seed;
}

/** What an account has before the first deployment, as a test wants it. */
export interface Seed {
  readonly zones?: readonly { readonly zoneId: string; readonly name: string }[];
  readonly secrets?: readonly { readonly arn: string; readonly value: string }[];
  readonly certificates?: readonly { readonly arn: string; readonly status: string }[];
  /** Availability zones of the region. Default: 3. */
  readonly zoneCount?: number;
}

/** A wrong input: the property's path and AWS's words, its error code first. Undefined: nothing is wrong. */
export type Finding = { readonly property: string; readonly reason: string } | undefined;

/** Another resource that an input names. */
export interface Reference {
  /** Path of the input, through lists. */
  readonly path: string;
  readonly type: string;
  /** The property of the other one that the input holds. Default: its id. */
  readonly by?: string;
  /** AWS's error when there is none. */
  readonly code: string;
}

/** What the in-memory AWS knows about one resource type. */
export interface TypeRecord {
  /** Inputs without which AWS refuses it, beside those that the provider's declaration requires. */
  readonly required?: readonly string[];
  /** The property that gets a generated name, and its greatest length. */
  readonly autoname?: readonly [property: string, most: number];
  readonly id: (inputs: Properties, place: Place) => string;
  /** The property that is unique where the id is not. */
  readonly key?: string;
  readonly outputs?: (inputs: Properties, id: string, place: Place) => Properties;
  /** Inputs whose change makes another resource; `"*"` stands for all but tags. */
  readonly immutable?: readonly string[] | "*";
  readonly references?: readonly Reference[];
  /** One resource alone: found at preview. An input that is not known yet is absent. */
  readonly checks?: readonly ((inputs: Properties, place: Place) => Finding)[];
  /** Beside all others: found when it is made or changed. */
  readonly cross?: readonly ((inputs: Properties, place: Place, self: Stored | undefined) => Finding)[];
  /** Why it cannot be deleted, beside being in use. */
  readonly keep?: (stored: Stored, place: Place) => string | undefined;
  /** AWS's error for a resource in use. Default: `DependencyViolation`. */
  readonly inUse?: string;
  /** What stays in AWS after a delete, changed so that it is known as such; undefined for nothing. */
  readonly remains?: (stored: Stored) => Properties | undefined;
  /** What else happens in AWS when it is deleted. */
  readonly gone?: (stored: Stored, place: Place) => void;
  /** What else happens in AWS when it is made or changed. */
  readonly effect?: (stored: Stored, place: Place) => void;
}

export type Records = Readonly<Record<string, TypeRecord>>;

export const finding = (property: string, reason: string): Finding => ({ property, reason });

/** A text input, or undefined when it is absent or not known yet. */
export const text = (inputs: Properties, path: string): string | undefined => {
  const [value] = valuesAt(inputs, path);
  return typeof value === "string" ? value : undefined;
};

/** Every value at a dotted path; lists on the way are looked through. */
export function valuesAt(value: unknown, path: string): unknown[] {
  if (Array.isArray(value)) return value.flatMap((item) => valuesAt(item, path));
  if (path === "") return value === undefined || value === null ? [] : [value];
  if (typeof value !== "object" || value === null) return [];
  const [head = "", ...rest] = path.split(".");
  return valuesAt((value as Record<string, unknown>)[head], rest.join("."));
}

/** Any value as text. */
export const asText = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));

/** A number, written as one or as text. */
export const number = (inputs: Properties, path: string): number | undefined => {
  const [value] = valuesAt(inputs, path);
  return value === undefined || Number.isNaN(Number(value)) ? undefined : Number(value);
};

/** A check that a text input has a form. */
export const matches =
  (path: string, pattern: RegExp, reason: string) =>
  (inputs: Properties): Finding => {
    const wrong = valuesAt(inputs, path).find((value) => typeof value === "string" && !pattern.test(value));
    return wrong === undefined ? undefined : finding(path, `${reason}: ${JSON.stringify(wrong)}`);
  };

/** A check that a number lies between two bounds. */
export const between =
  (path: string, least: number, most: number, code: string) =>
  (inputs: Properties): Finding => {
    const wrong = valuesAt(inputs, path)
      .map(Number)
      .find((value) => value < least || value > most);
    return wrong === undefined
      ? undefined
      : finding(path, `${code}: ${path} ${wrong} is not between ${least} and ${most}`);
  };

/** A check that an input is one of the values that AWS knows. */
export const oneOf =
  (path: string, values: readonly (string | number)[], code: string) =>
  (inputs: Properties): Finding => {
    const wrong = valuesAt(inputs, path).find((value) => !values.includes(value as string));
    return wrong === undefined
      ? undefined
      : finding(path, `${code}: ${path} ${JSON.stringify(wrong)} is not one of ${values.join(", ")}`);
  };
