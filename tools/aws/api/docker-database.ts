import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Place } from "../record.ts";
import { INSTANCE, managedSecret, newPassword } from "../records/rds.ts";
import { SECRET_VERSION } from "../records/secrets-manager.ts";
import type { Stored } from "../world.ts";
import { certify, tlsArguments } from "./database-tls.ts";
import { docker } from "./docker-cli.ts";

const IMAGE = "postgres:17";
const SECONDS = 60;

/** The PostgreSQL behind an RDS instance of the in-memory AWS, started when the first task needs it, under its address, with TLS. */
export class DockerDatabase {
  readonly #place: Place;
  readonly #options: readonly string[];
  readonly #folder = mkdtempSync(join(tmpdir(), "in-memory-rds-"));
  #container = "";
  #instance: Stored | undefined;

  constructor(place: Place, options: readonly string[]) {
    this.#place = place;
    this.#options = options;
  }

  /** Certificate that its clients have to trust, as a file of this machine. */
  authority = "";

  async ready(): Promise<void> {
    const [instance] = this.#place.world.all(INSTANCE).filter(({ properties }) => properties["remains"] !== true);
    if (instance === undefined || instance.id === this.#instance?.id) return;
    if (this.#container !== "") docker("rm", "--force", "--volumes", this.#container);
    const { address, username, dbName } = instance.properties;
    const tls = certify(join(this.#folder, instance.id), String(address));
    const withTls = tlsArguments(tls);
    this.#container = docker(
      ...["run", "--detach", ...this.#options, "--network-alias", String(address)],
      ...withTls.run,
      ...["--env", "POSTGRES_USER", "--env", "POSTGRES_DB", "--env", "POSTGRES_PASSWORD", IMAGE],
      ...withTls.server,
      { POSTGRES_USER: String(username), POSTGRES_DB: String(dbName), POSTGRES_PASSWORD: this.#password(instance) },
    );
    this.#instance = instance;
    this.authority = tls.authority;
    const deadline = Date.now() + SECONDS * 1000;
    const ready = () =>
      spawnSync("docker", ["exec", this.#container, "pg_isready", "--host", "127.0.0.1"]).status === 0;
    while (!ready()) {
      if (Date.now() > deadline) throw new Error(`PostgreSQL did not start within ${SECONDS} s`);
      await sleep(200);
    }
  }

  query(sql: string): string {
    return docker("exec", this.#container, "psql", "--username", "app", "--dbname", "app", "-Atc", sql);
  }

  /** What RDS does every seven days: another password, in the database first, then in its secret. */
  rotate(): void {
    const secret = this.#instance && managedSecret(this.#instance);
    const stored = secret === undefined ? undefined : this.#place.world.get(SECRET_VERSION, secret);
    if (secret === undefined || stored === undefined) throw new Error("RDS manages no password here");
    const properties = newPassword(secret);
    const { password } = JSON.parse(String(properties["secretString"])) as { password: string };
    this.query(`ALTER ROLE app PASSWORD '${password}'`);
    this.#place.world.put({ ...stored, properties });
  }

  close(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #password(instance: Stored): string {
    const secret = managedSecret(instance);
    if (secret === undefined) return String(instance.properties["password"]);
    const stored = this.#place.world.get(SECRET_VERSION, secret);
    return (JSON.parse(String(stored?.properties["secretString"])) as { password: string }).password;
  }
}
