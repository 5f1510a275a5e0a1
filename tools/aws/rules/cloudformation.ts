import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Limits } from "./rule.ts";

/** A JSON schema of CloudFormation's, as far as it constrains a value. */
export interface Schema extends Limits {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly definitions?: Readonly<Record<string, Schema>>;
}

/** The resource schemas that cfn-lint carries, with its own additions. https://github.com/aws-cloudformation/cfn-lint */
export class CloudFormation {
  readonly #folder: string;
  readonly #files: Readonly<Record<string, string>>;

  /** @param folder `cfnlint/data/schemas` of the unpacked wheel */
  constructor(folder: string) {
    this.#folder = folder;
    this.#files = JSON.parse(readFileSync(join(folder, "providers/us-east-1.json"), "utf8")) as Record<string, string>;
  }

  /** The root schema of a type; undefined where CloudFormation has no such type. */
  of(type: string): Schema | undefined {
    const name = Object.keys(this.#files).find((each) => each.toLowerCase() === type.toLowerCase());
    const file = join(this.#folder, "resources", `${this.#files[name ?? ""] ?? ""}.json`);
    return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Schema) : undefined;
  }
}

/** The schema behind a reference into its root's definitions. */
export function resolved(schema: Schema, root: Schema): Schema {
  const name = schema.$ref?.replace("#/definitions/", "");
  return name === undefined ? schema : resolved(root.definitions?.[name] ?? {}, root);
}

/** Properties of the object, or of the list's objects. */
export function childrenOf(schema: Schema, root: Schema): Readonly<Record<string, Schema>> {
  const found = resolved(schema, root);
  return found.properties ?? (found.items ? childrenOf(found.items, root) : {});
}

const plain = (name: string) => name.toLowerCase().replace(/[^a-z0-9]/g, "");

/** The property that means the same, by the ways in which the two spell their names. */
export function matching(name: string, owner: string, children: Readonly<Record<string, Schema>>): string | undefined {
  const wanted = plain(name);
  const spellings = [
    wanted,
    `${wanted}s`,
    wanted.replace(/s$/, ""),
    wanted.replace(/ies$/, "y"),
    `${plain(owner)}${wanted}`,
    ...["configuration", "specification", "config", "id", "type"].map((end) => wanted + end),
    `db${wanted}`,
    wanted.replace(/identifier$/, "arn"),
    wanted.replace(/arn$/, "identifier"),
    wanted.replace(/type$/, ""),
    wanted.replace(/configuration$/, ""),
  ];
  const names = Object.keys(children);
  return spellings.map((spelling) => names.find((each) => plain(each) === spelling)).find((each) => each !== undefined);
}
