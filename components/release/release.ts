import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import type { AppContainer, Mount } from "../host/app-container.ts";
import { INSTANCE_LABEL } from "../host/docker-labels.ts";
import type { DockerNames } from "../host/docker-names.ts";
import { dockerOrThrow } from "./docker-cli.ts";
import { Gate } from "./gate.ts";
import { oneOffArguments, type OneOff } from "./one-off.ts";
import { prove } from "./prove.ts";
import { forgetRuns, runOnce } from "./run-once.ts";

export interface ReleaseArgs {
  readonly names: DockerNames;
  readonly network: pulumi.Output<string>;
  readonly app: AppContainer;
  /** Volumes of the application. */
  readonly mounts: readonly Mount[];
  /** Volume of static files that nginx serves, where there is one. */
  readonly statics: readonly Mount[];
  readonly publishCommand?: readonly string[];
  readonly releaseCommand?: readonly string[];
}

/**
 * What happens once for each new version, before it serves: its release command (migrations), its static files beside the
 * old ones, and a proof that it starts. Each is a gate: the one that fails leaves the version that serves alone.
 */
export class Release extends pulumi.ComponentResource {
  /** Put this into `dependsOn` of what runs the new version. */
  readonly done: pulumi.Resource;

  constructor(name: string, args: ReleaseArgs, opts?: pulumi.ComponentResourceOptions) {
    super("wsgi-on-aws:index:Release", name, {}, opts);
    const { app, names } = args;
    const releaseCommand = args.releaseCommand ?? [];
    const using = {
      env: app.env,
      network: args.network,
      instance: names.instance,
      prefix: names.name("release"),
      mounts: [...args.mounts],
      statics: [...args.statics],
    };
    const oneOff = (use: pulumi.Unwrap<typeof using>, image: string, part: string): Omit<OneOff, "command"> => ({
      name: `${use.prefix}-${part}`,
      labels: { [INSTANCE_LABEL]: use.instance },
      image,
      user: app.user,
      network: use.network,
      volumes: Object.fromEntries(use.mounts.map((mount) => [mount.name, mount.path])),
      env: use.env,
      memoryMiB: app.memoryMiB,
      tmpMiB: app.tmpMiB,
      cpu: app.cpu,
    });
    const after: pulumi.Resource[] = [];

    if (releaseCommand.length > 0) {
      after.push(
        new Gate(
          `${name}-migrated`,
          {
            for: { image: app.image, command: releaseCommand },
            using,
            act: async ({ values, using: use, say }) => {
              const one = { ...oneOff(use, values.image, `migrate-${shortName(values)}`), command: values.command };
              await runOnce(one, use.instance, say);
            },
          },
          { parent: this },
        ),
      );
    }
    const { publishCommand } = args;
    if (publishCommand) {
      after.push(
        new Gate(
          `${name}-published`,
          {
            for: { image: app.image, command: publishCommand },
            using,
            act: async ({ values, using: use, say }) => {
              const volumes = Object.fromEntries(use.statics.map((mount) => [mount.name, mount.path]));
              const one = { ...oneOff(use, values.image, "publish"), volumes, env: {}, command: values.command };
              const printed = await dockerOrThrow(
                "the static files could not be published",
                oneOffArguments(one, "--rm"),
                { seconds: 300 },
              );
              say(printed.trim());
            },
          },
          { parent: this, dependsOn: [...after] },
        ),
      );
    }
    this.done = new Gate(
      `${name}-proven`,
      {
        for: { image: app.image, command: app.command("canary"), release: releaseCommand },
        using,
        act: async ({ values, using: use, say }) => {
          await forgetRuns(use.instance);
          const one = { ...oneOff(use, values.image, "canary"), command: values.command };
          await prove(one, app.healthCommand("canary"), say);
        },
      },
      { parent: this, dependsOn: after },
    );
    this.registerOutputs({ releaseCommand });
  }
}

/** Twelve characters that name the image and the command, so that a later run recognises the container of this one. */
function shortName(values: { image: string; command: readonly string[] }): string {
  return createHash("sha256").update(JSON.stringify(values)).digest("hex").slice(0, 12);
}
