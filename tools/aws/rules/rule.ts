/** What a JSON schema, and a rule, may demand of a value. */
export interface Limits {
  readonly enum?: readonly (string | number)[];
  /** Regular expression that the text has to match somewhere. */
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
}

/** What published schemas say about one input: all that can be judged without knowing any other resource. */
export interface Rule extends Limits {
  readonly required?: true;
  /** Of the value, or of a list's items. Absent: an object with `properties`, or a map. */
  readonly type?: "string" | "number" | "boolean";
  readonly list?: true;
  /** Of an object, or of each object of a list. */
  readonly properties?: Rules;
  /** The text is JSON, a list of objects with these properties. */
  readonly json?: Rules;
}

export type Rules = Readonly<Record<string, Rule>>;
