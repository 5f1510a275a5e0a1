import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { Mount } from "../host/app-container.ts";
import type { DockerNames } from "../host/docker-names.ts";
import { DockerService } from "../host/docker-service.ts";
import { PAGES } from "../nginx/presets/cache.ts";
import { mebibytes } from "../shared/units.ts";
import { Gate } from "../release/gate.ts";
import { installNginxConf } from "../release/install-nginx-conf.ts";
import { CONF_FOLDER, nginxHealthCommand } from "./nginx-container.ts";
import { fileContainer, NGINX_MEMORY_MIB, NGINX_USER, NginxSecrets } from "./nginx-secrets.ts";

/**
 * Size of the folder of kept pages, which is apart from the rest of /tmp: uploads that fill it would cut off every page that is
 * to be kept. Twice what nginx keeps, for it looks only every ten seconds.
 */
const PAGES_MIB = 2 * mebibytes(PAGES.maxSize);
const [uid = "", gid = ""] = NGINX_USER.split(":");

export interface DockerNginxArgs {
  readonly names: DockerNames;
  readonly network: pulumi.Output<string>;
  /** Image by digest. */
  readonly image: pulumi.Output<string>;
  /** nginx.conf. */
  readonly text: pulumi.Input<string>;
  /** Port inside the container. */
  readonly listen: number;
  /** Port for health checks inside the container. */
  readonly statusPort: number;
  /** Port on 127.0.0.1. */
  readonly port: number;
  /** What the certificate is made for; none: no TLS. */
  readonly certificateNames: readonly string[];
  /** Users and hashed passwords, where a path asks for them. */
  readonly htpasswd?: string;
  /** Volume of Gunicorn's sockets, and the group that may connect to them. */
  readonly sockets: { readonly volume: pulumi.Output<string>; readonly group: string };
  /** Volumes served from disk. */
  readonly files: readonly Mount[];
  /** What nginx resolves once, when it reads its configuration: a change here reloads it. For `upstream: tcp`. */
  readonly resolved: readonly pulumi.Output<string>[];
  /** Size of /tmp in MiB: request bodies, and what slow visitors have not taken yet. */
  readonly tmpMiB: number;
  /** Seconds between SIGQUIT and SIGKILL, by the timeout ladder. */
  readonly stopSeconds: number;
}

/** nginx as the edge of a local stack. A new nginx.conf is checked, installed and reloaded; the container stays. */
export class DockerNginx extends pulumi.ComponentResource {
  /** Where the site answers. */
  readonly url: string;

  constructor(name: string, args: DockerNginxArgs, opts?: pulumi.ComponentResourceOptions) {
    super("wsgi-on-aws:index:DockerNginx", name, {}, opts);
    const { names } = args;
    const conf = new docker.Volume(
      `${name}-conf`,
      { name: names.name("nginx-conf"), labels: names.labels() },
      { parent: this },
    );

    const container = {
      image: args.image,
      network: args.network,
      instance: names.instance,
      volume: conf.name,
      check: names.name("nginx-check"),
    };
    const secrets = new NginxSecrets(`${name}-secrets`, { ...args, container }, { parent: this });
    const installed = new Gate(
      `${name}-configured`,
      {
        for: { text: args.text, volume: conf.name, resolved: args.resolved, certificate: secrets.certificate },
        using: { ...container, serving: names.name("nginx") },
        act: ({ values, using, say }) =>
          installNginxConf({
            text: values.text,
            serving: using.serving,
            say,
            check: fileContainer(using),
          }),
      },
      { parent: this, dependsOn: [...secrets.installed] },
    );

    new DockerService(
      `${name}-server`,
      {
        names,
        part: "nginx",
        image: args.image,
        user: NGINX_USER,
        groups: [args.sockets.group],
        volumes: [
          { name: conf.name, path: CONF_FOLDER, readOnly: true },
          { name: args.sockets.volume, path: "/run/gunicorn" },
          ...args.files.map((mount) => ({ ...mount, readOnly: true })),
        ],
        network: args.network,
        port: { inside: args.listen, outside: args.port },
        memoryMiB: NGINX_MEMORY_MIB + PAGES_MIB,
        tmpMiB: args.tmpMiB,
        tmpfs: { [PAGES.directory]: `rw,noexec,nosuid,nodev,size=${PAGES_MIB}m,uid=${uid},gid=${gid},mode=0700` },
        healthCommand: nginxHealthCommand(args.statusPort),
        stopSignal: "SIGQUIT",
        stopSeconds: args.stopSeconds,
      },
      { parent: this, dependsOn: [installed] },
    );

    this.url = `${args.certificateNames.length ? "https" : "http"}://127.0.0.1:${args.port}`;
    this.registerOutputs({ url: this.url });
  }
}
