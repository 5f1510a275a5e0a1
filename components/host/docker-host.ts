import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { Release } from "../release/release.ts";
import type { AppContainer, Mount } from "./app-container.ts";
import type { DockerNames } from "./docker-names.ts";
import { DockerService } from "./docker-service.ts";

export interface DockerHostArgs {
  readonly names: DockerNames;
  readonly network: pulumi.Output<string>;
  readonly app: AppContainer;
  readonly replicas: number;
  /** Further volumes of the application, as its database. */
  readonly mounts: readonly Mount[];
  /** Keep uploaded files in a volume at /srv/media. */
  readonly media: boolean;
  /** Publish the image's static files into the volume at /srv/static. */
  readonly publishCommand?: readonly string[];
  /** Run once for each new version before it serves. */
  readonly releaseCommand?: readonly string[];
  /** Name in the network that all replicas share; for `upstream: tcp`. */
  readonly alias?: string;
}

/**
 * Gunicorn on this machine's Docker engine: the release of a new version, then the replicas, replaced one after the other
 * so that one always serves.
 */
export class DockerHost extends pulumi.ComponentResource {
  /** Volume of Gunicorn's sockets, for nginx at /run/gunicorn. */
  readonly sockets: pulumi.Output<string>;
  /** Volumes that nginx serves from disk, read-only. */
  readonly files: readonly Mount[];
  /** Ids of the replicas' containers. */
  readonly replicas: readonly pulumi.Output<string>[];
  /** Put this into `dependsOn` of what needs every replica to work. */
  readonly live: readonly pulumi.Resource[];

  constructor(name: string, args: DockerHostArgs, opts?: pulumi.ComponentResourceOptions) {
    super("wsgi-on-aws:index:DockerHost", name, {}, opts);
    const { app, names, network } = args;
    const volume = (part: string, keep = false) =>
      new docker.Volume(
        `${name}-${part}`,
        { name: names.name(part), labels: names.labels() },
        { parent: this, retainOnDelete: keep },
      ).name;

    this.sockets = volume("sockets");
    const media = args.media ? [{ name: volume("media", true), path: "/srv/media" }] : [];
    const statics = args.publishCommand ? [{ name: volume("static"), path: "/srv/static" }] : [];
    this.files = [...statics, ...media];
    const mounts = [...args.mounts, ...media];

    const release = new Release(`${name}-release`, { ...args, mounts, statics }, { parent: this });

    const services: DockerService[] = [];
    for (let replica = 1; replica <= args.replicas; replica++) {
      services.push(
        new DockerService(
          `${name}-gunicorn-${replica}`,
          {
            ...app,
            names,
            network,
            part: `gunicorn-${replica}`,
            command: app.command(replica),
            healthCommand: app.healthCommand(replica),
            volumes: [...mounts, { name: this.sockets, path: "/run/gunicorn" }],
            aliases: args.alias === undefined ? [] : [args.alias],
            stopSignal: "SIGTERM",
          },
          // One after the other: the next replica waits until this one works.
          { parent: this, dependsOn: [release.done, ...services.slice(-1).map(({ live }) => live)] },
        ),
      );
    }
    this.replicas = services.map(({ container }) => container);
    this.live = services.map(({ live }) => live);
    this.registerOutputs({ replicas: this.replicas });
  }
}
