import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { Gate } from "../release/gate.ts";
import { waitUntilLive } from "../release/live.ts";
import type { DockerNames } from "./docker-names.ts";
import { hardened } from "./hardening.ts";

export interface DockerServiceArgs {
  readonly names: DockerNames;
  /** The name's last part, as `nginx`. */
  readonly part: string;
  /** Image by digest. */
  readonly image: pulumi.Input<string>;
  /** Numeric `uid:gid`, never 0. */
  readonly user: string;
  /** Further numeric groups. */
  readonly groups?: readonly string[];
  readonly command?: readonly string[];
  readonly env?: Readonly<Record<string, pulumi.Input<string>>>;
  readonly volumes: readonly {
    readonly name: pulumi.Input<string>;
    readonly path: string;
    readonly readOnly?: boolean;
  }[];
  /** Size of /tmp in MiB, on top of `memoryMiB`. Default: 64. */
  readonly tmpMiB?: number;
  /** Folders in memory beside /tmp, each with its mount options. */
  readonly tmpfs?: Readonly<Record<string, string>>;
  readonly network: pulumi.Input<string>;
  /** Names in the network beside the container's own. */
  readonly aliases?: readonly string[];
  /** Published on 127.0.0.1 only. */
  readonly port?: { readonly inside: number; readonly outside: number };
  /** Limit in MiB without /tmp; swap is not added to it. */
  readonly memoryMiB: number;
  /** vCPUs. Default: no limit. */
  readonly cpu?: number;
  /** Command that ends with 0 when the service works. */
  readonly healthCommand: readonly string[];
  readonly stopSignal: "SIGTERM" | "SIGQUIT" | "SIGINT";
  /** Seconds between the stop signal and SIGKILL. */
  readonly stopSeconds: number;
}

/**
 * One long-running container and the gate that waits until it works. The provider's own `wait` is not used: it burns its
 * whole time on a crash loop, shows no log, and reports success for a container that failed once before (docs/decisions/0003-gates.md).
 */
export class DockerService extends pulumi.ComponentResource {
  /** Id of the container. */
  readonly container: pulumi.Output<string>;
  /** Put this into `dependsOn` of what needs the service to work. */
  readonly live: pulumi.Resource;

  constructor(name: string, args: DockerServiceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("wsgi-on-aws:index:DockerService", name, {}, opts);

    const { tmpMiB = 64 } = args;
    const denied = hardened(tmpMiB);
    const container = new docker.Container(
      `${name}-container`,
      {
        name: args.names.name(args.part),
        labels: args.names.labels(),
        image: args.image,
        user: args.user,
        groupAdds: args.groups?.slice(),
        command: args.command?.slice(),
        // Sorted, so that their order is no change; each on its own, so that one secret does not hide the others.
        envs: Object.entries(args.env ?? {})
          .sort(([one], [other]) => (one < other ? -1 : 1))
          .map(([key, value]) => pulumi.interpolate`${key}=${value}`),
        volumes: args.volumes.map(({ name: volumeName, path, readOnly = false }) => ({
          volumeName,
          containerPath: path,
          readOnly,
        })),
        networksAdvanced: [{ name: args.network, aliases: args.aliases?.slice() }],
        ports: args.port && [{ internal: args.port.inside, external: args.port.outside, ip: "127.0.0.1" }],
        memory: args.memoryMiB + tmpMiB,
        memorySwap: args.memoryMiB + tmpMiB, // unset, each refresh would show a difference
        cpus: args.cpu === undefined ? undefined : dockerCpus(args.cpu),
        restart: "unless-stopped",
        stopSignal: args.stopSignal,
        destroyGraceSeconds: args.stopSeconds,
        stopTimeout: args.stopSeconds,
        // `docker ps` shows it; deployments ask through the gate, so it may be slow. Durations as Go prints them, or each
        // refresh shows a difference.
        healthcheck: {
          tests: ["CMD", ...args.healthCommand],
          interval: "15s",
          timeout: "5s",
          retries: 3,
          startPeriod: "30s",
        },
        ...denied,
        tmpfs: { ...denied.tmpfs, ...args.tmpfs },
      },
      // The provider reports these as updated and leaves the container as it was (kreuzwerker/terraform-provider-docker#988).
      { parent: this, deleteBeforeReplace: true, replaceOnChanges: ["healthcheck", "tmpfs", "init"] },
    );
    this.container = container.id;

    this.live = new Gate(
      `${name}-live`,
      {
        for: { container: container.id },
        using: {},
        act: ({ values, say }) => waitUntilLive({ what: args.part, ...values, command: args.healthCommand, say }),
      },
      { parent: this },
    );
    this.registerOutputs({ container: this.container });
  }
}

/** Processors as the provider reads them back, or each refresh shows a difference: "0.5", "2.0", and "10.". */
function dockerCpus(cpu: number): string {
  if (!Number.isInteger(cpu)) return String(cpu);
  return String(cpu).includes("0") ? `${cpu}.` : `${cpu}.0`;
}
