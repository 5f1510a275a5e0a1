import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { DockerNames } from "../host/docker-names.ts";

export interface DockerNetworkArgs {
  readonly names: DockerNames;
}

/** The stack's own network on this machine: its containers reach each other by name, and nobody else reaches them. */
export class DockerNetwork extends pulumi.ComponentResource {
  /** Name of the network. */
  readonly network: pulumi.Output<string>;

  constructor(name: string, { names }: DockerNetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    super("wsgi-on-aws:index:DockerNetwork", name, {}, opts);
    const bridge = new docker.Network(
      `${name}-bridge`,
      { name: names.name("network"), labels: names.labels() },
      { parent: this },
    );
    this.network = bridge.name;
    this.registerOutputs({ network: this.network });
  }
}
