import { spawnSync } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import type { Place } from "../record.ts";
import { INSTANCE } from "../records/rds.ts";
import { docker } from "./docker-cli.ts";

const IMAGE = "postgres:17";
const SECONDS = 60;

/** The PostgreSQL behind an RDS instance of the in-memory AWS, started when the first task needs it, under its address. */
export class DockerDatabase {
  readonly #place: Place;
  readonly #network: string;
  readonly #label: string;
  #container = "";
  #instance = "";

  constructor(place: Place, network: string, label: string) {
    this.#place = place;
    this.#network = network;
    this.#label = label;
  }

  async ready(): Promise<void> {
    const [instance] = this.#place.world.all(INSTANCE).filter(({ properties }) => properties["remains"] !== true);
    if (instance === undefined || instance.id === this.#instance) return;
    if (this.#container !== "") docker("rm", "--force", "--volumes", this.#container);
    const { address, username, dbName, password } = instance.properties;
    this.#container = docker(
      ...["run", "--detach", "--network", this.#network, "--network-alias", String(address), "--label", this.#label],
      ...["--env", "POSTGRES_USER", "--env", "POSTGRES_DB", "--env", "POSTGRES_PASSWORD", IMAGE],
      ...TLS,
      { POSTGRES_USER: String(username), POSTGRES_DB: String(dbName), POSTGRES_PASSWORD: String(password) },
    );
    this.#instance = instance.id;
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
}

/** RDS forces TLS; the certificate is the one that Debian makes for each machine. */
const TLS: readonly string[] = [
  ...["-c", "ssl=on"],
  ...["-c", "ssl_cert_file=/etc/ssl/certs/ssl-cert-snakeoil.pem"],
  ...["-c", "ssl_key_file=/etc/ssl/private/ssl-cert-snakeoil.key"],
];
