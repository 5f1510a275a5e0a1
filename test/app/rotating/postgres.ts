import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { certify, tlsArguments } from "../../../tools/aws/api/database-tls.ts";
import { docker } from "../../../tools/aws/api/docker-cli.ts";

/** A throw-away server with the database `wall` of the role `app`, known as `localhost` to who trusts its authority. */
export class Postgres {
  readonly port: number;
  /** The certificate that clients have to trust. */
  readonly authority: string;
  /** A folder that goes with the server. */
  readonly folder: string;
  readonly #container: string;

  private constructor(folder: string, authority: string, container: string) {
    this.folder = folder;
    this.authority = authority;
    this.#container = container;
    this.port = Number(docker("port", container, "5432").split(":").at(-1));
  }

  static async start(password: string): Promise<Postgres> {
    const folder = mkdtempSync(join(tmpdir(), "rotating-password-"));
    const tls = certify(folder, "localhost");
    const withTls = tlsArguments(tls);
    const container = docker(
      ...["run", "--detach", "--rm", "--publish", "127.0.0.1::5432", ...withTls.run],
      ...["--env", "POSTGRES_USER=boss", "--env", "POSTGRES_PASSWORD=the-tests-own", "postgres:17"],
      ...[...withTls.server, "-c", "lc_messages=C", "-c", "fsync=off"],
    );
    const postgres = new Postgres(folder, tls.authority, container);
    for (let attempt = 0; !postgres.#answers(); attempt++) {
      if (attempt > 100) throw new Error(`PostgreSQL does not start: ${docker("logs", container)}`);
      await sleep(200);
    }
    postgres.query(`CREATE ROLE app LOGIN CREATEDB PASSWORD '${password}'`);
    postgres.query("CREATE DATABASE wall OWNER app");
    return postgres;
  }

  query(sql: string): string {
    return docker(
      ...["exec", this.#container, "psql", "--username", "boss", "--dbname", "postgres", "--no-psqlrc"],
      ...["--set", "ON_ERROR_STOP=1", "-Atc", sql],
    );
  }

  /** Backends of the site, in the order of their start. */
  backends(): string[] {
    const sql = "SELECT pid FROM pg_stat_activity WHERE usename = 'app' ORDER BY backend_start";
    return this.query(sql).split("\n").filter(Boolean);
  }

  /** Ends all connections of the site, so that it makes new ones. */
  closeAll(): void {
    this.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'app'");
  }

  stop(): void {
    docker("rm", "--force", "--volumes", this.#container);
    rmSync(this.folder, { recursive: true });
  }

  #answers(): boolean {
    try {
      // Over TCP: while it is initialised, the official image's server listens on its socket alone.
      docker("exec", this.#container, "pg_isready", "--host", "127.0.0.1");
      return this.query("SELECT 1") === "1";
    } catch {
      return false;
    }
  }
}
