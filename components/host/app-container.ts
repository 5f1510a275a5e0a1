import type * as pulumi from "@pulumi/pulumi";

/** A volume and where it is mounted. */
export interface Mount {
  readonly name: pulumi.Output<string>;
  readonly path: string;
}

/** Number of a replica, or the one that a new version is tried with. */
export type Replica = number | "canary";

/** What runs in each Gunicorn container. */
export interface AppContainer {
  /** Image by digest. */
  readonly image: pulumi.Output<string>;
  /** Numeric `uid:gid`. */
  readonly user: string;
  /** Environment of the application, secrets among it. */
  readonly env: Readonly<Record<string, pulumi.Input<string>>>;
  /** Command of one replica. */
  readonly command: (replica: Replica) => readonly string[];
  /** Ends with 0 when the replica answers. */
  readonly healthCommand: (replica: Replica) => readonly string[];
  readonly memoryMiB: number;
  /** Size of /tmp in MiB: uploads pass through it. */
  readonly tmpMiB: number;
  /** vCPUs. */
  readonly cpu: number;
  /** Seconds between SIGTERM and SIGKILL, by the timeout ladder. */
  readonly stopSeconds: number;
}
