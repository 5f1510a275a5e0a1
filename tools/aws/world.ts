import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Inputs and outputs of a resource, secrets in clear. */
export type Properties = Readonly<Record<string, unknown>>;

/** One resource as AWS knows it. */
export interface Stored {
  /** As `aws:ecs/service:Service`. */
  readonly type: string;
  /** Its ARN where the id is not unique, else the id. */
  readonly key: string;
  readonly id: string;
  readonly urn: string;
  readonly properties: Properties;
}

/**
 * All resources of the in-memory AWS: a folder with a file for each, since the provider and the API server are processes of
 * their own, and the provider is a new one at every run. It holds secrets in clear: throw it away after the test.
 */
export class World {
  readonly #folder: string;

  constructor(folder: string) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    this.#folder = folder;
  }

  all(type?: string): Stored[] {
    const files = readdirSync(this.#folder).filter((file) => file.endsWith(".json"));
    return files
      .map((file) => JSON.parse(readFileSync(join(this.#folder, file), "utf8")) as Stored)
      .filter((stored) => type === undefined || stored.type === type);
  }

  get(type: string, key: string): Stored | undefined {
    const file = this.#file(type, key);
    return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Stored) : undefined;
  }

  put(stored: Stored): void {
    const file = this.#file(stored.type, stored.key);
    const part = `${file}.${process.pid}`;
    writeFileSync(part, JSON.stringify(stored), { mode: 0o600 });
    renameSync(part, file); // whoever reads finds the old one or the new one
  }

  remove(type: string, key: string): void {
    rmSync(this.#file(type, key), { force: true });
  }

  #file(type: string, key: string): string {
    const name = createHash("sha256").update(`${type} ${key}`).digest("hex").slice(0, 32);
    return join(this.#folder, `${name}.json`);
  }
}
