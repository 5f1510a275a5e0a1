import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { DockerNames } from "../host/docker-names.ts";
import { DockerService } from "../host/docker-service.ts";

/** The official image's major version decides the format of the data: raising it needs a dump and a restore. */
const POSTGRES_IMAGE = "postgres:17";
const POSTGRES_USER = "999:999";
const DATA_FOLDER = "/var/lib/postgresql/data";

export interface DockerDatabaseArgs {
  readonly kind: "sqlite" | "postgres";
  readonly names: DockerNames;
  readonly network: pulumi.Input<string>;
  /** Password of the PostgreSQL user `app`; letters and digits. */
  readonly password: pulumi.Output<string>;
}

/**
 * Database of a local stack: a SQLite file in a volume that the application mounts, or a PostgreSQL container that only
 * the stack's own network reaches. The volume is kept when the stack is destroyed (`npm run stop -- --data` removes it).
 */
export class DockerDatabase extends pulumi.ComponentResource {
  /** DATABASE_URL of the application; secret where it holds a password. */
  readonly url: pulumi.Output<string>;
  /** What the application mounts to reach it. */
  readonly mounts: readonly { readonly name: pulumi.Output<string>; readonly path: string }[];
  /** What has to be there before the application connects. */
  readonly ready: pulumi.Resource;

  constructor(name: string, args: DockerDatabaseArgs, opts?: pulumi.ComponentResourceOptions) {
    super("wsgi-on-aws:index:DockerDatabase", name, {}, opts);
    const volume = new docker.Volume(
      `${name}-data`,
      { name: args.names.name(`${args.kind}-data`), labels: args.names.labels() },
      { parent: this, retainOnDelete: true },
    );

    if (args.kind === "sqlite") {
      this.url = pulumi.output("sqlite:////srv/data/db.sqlite3");
      this.mounts = [{ name: volume.name, path: "/srv/data" }];
      this.ready = volume;
    } else {
      const image = new docker.RemoteImage(
        `${name}-image`,
        { name: POSTGRES_IMAGE, keepLocally: true },
        { parent: this },
      );
      const server = new DockerService(
        `${name}-server`,
        {
          names: args.names,
          part: "postgres",
          image: image.imageId,
          user: POSTGRES_USER,
          env: {
            POSTGRES_USER: "app",
            POSTGRES_DB: "app",
            POSTGRES_PASSWORD: args.password,
            PGDATA: `${DATA_FOLDER}/pgdata`,
          },
          volumes: [{ name: volume.name, path: DATA_FOLDER }],
          tmpfs: { "/var/run/postgresql": "rw,noexec,nosuid,nodev,uid=999,gid=999,mode=0775" },
          network: args.network,
          aliases: ["database"],
          memoryMiB: 512,
          healthCommand: ["pg_isready", "--username", "app", "--host", "127.0.0.1"],
          stopSignal: "SIGINT", // fast shutdown: https://www.postgresql.org/docs/17/server-shutdown.html
          stopSeconds: 30,
        },
        { parent: this },
      );
      this.url = pulumi.interpolate`postgres://app:${args.password}@database:5432/app`;
      this.mounts = [];
      this.ready = server.live;
    }
    this.registerOutputs({ url: this.url });
  }
}
