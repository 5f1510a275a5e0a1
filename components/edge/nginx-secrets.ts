import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import { INSTANCE_LABEL } from "../host/docker-labels.ts";
import { dockerOrThrow } from "../release/docker-cli.ts";
import { Gate } from "../release/gate.ts";
import { oneOffArguments, type OneOff } from "../release/one-off.ts";
import { certificatePeriod, certificateScript, CONF_FOLDER, passwordScript } from "./nginx-container.ts";

/** User and group of nginx in its image. */
export const NGINX_USER = "101:101";
export const NGINX_MEMORY_MIB = 256;

/** What a container that checks or writes nginx's files is started with. */
export type FileContainer = {
  readonly image: pulumi.Input<string>;
  readonly network: pulumi.Input<string>;
  readonly instance: pulumi.Input<string>;
  /** Volume of {@link CONF_FOLDER}. */
  readonly volume: pulumi.Input<string>;
  /** Name of the container. */
  readonly check: pulumi.Input<string>;
};

/** The same, known. */
export const fileContainer = (using: pulumi.Unwrap<FileContainer>): Omit<OneOff, "command"> => ({
  name: using.check,
  labels: { [INSTANCE_LABEL]: using.instance },
  image: using.image,
  user: NGINX_USER,
  network: using.network,
  volumes: { [using.volume]: CONF_FOLDER },
  env: {},
  memoryMiB: NGINX_MEMORY_MIB,
});

export interface NginxSecretsArgs {
  readonly container: FileContainer;
  /** What the certificate is made for; none: no TLS. */
  readonly certificateNames: readonly string[];
  /** Users and hashed passwords, where a path asks for them. */
  readonly htpasswd?: string;
}

/** The files beside nginx.conf that no state keeps: a self-signed certificate with its key, and hashed passwords. */
export class NginxSecrets extends pulumi.ComponentResource {
  /** Changes with the certificate, which nginx reads when it reads its configuration. */
  readonly certificate: string;
  /** Put these into `dependsOn` of what has nginx read the files. */
  readonly installed: readonly pulumi.Resource[];

  constructor(name: string, args: NginxSecretsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("wsgi-on-aws:index:NginxSecrets", name, {}, opts);
    const { certificateNames: names, htpasswd, container } = args;
    const { volume } = container;
    const parent = { parent: this };
    this.certificate = names.length ? `${names.join(",")} ${certificatePeriod(new Date())}` : "";
    const installed: pulumi.Resource[] = [];
    if (names.length) {
      installed.push(
        new Gate(
          `${name}-certificate`,
          {
            for: { certificate: this.certificate, volume },
            using: container,
            act: async ({ using, say }) => {
              await run("no certificate could be made", using, certificateScript(names));
              say(`a certificate for ${names.join(", ")} was made; browsers warn of it, for nobody vouches`);
            },
          },
          parent,
        ),
      );
    }
    if (htpasswd !== undefined) {
      installed.push(
        new Gate(
          `${name}-users`,
          {
            // A hash of hashes: it tells nobody a password, and a change of one runs the act.
            for: { digest: createHash("sha256").update(htpasswd).digest("hex"), volume },
            using: { ...container, lines: pulumi.secret(htpasswd) },
            act: ({ using }) =>
              run("the users could not be installed", using, passwordScript("cat"), `${using.lines}\n`),
          },
          { parent: this, dependsOn: [...installed] }, // one container at a time has the name
        ),
      );
    }
    this.installed = installed;
    this.registerOutputs({ certificate: this.certificate });
  }
}

async function run(what: string, using: pulumi.Unwrap<FileContainer>, script: string, input = ""): Promise<void> {
  const container = { ...fileContainer(using), command: ["sh", "-c", script] };
  await dockerOrThrow(what, ["rm", "--force", "--volumes", using.check], { seconds: 30 });
  await dockerOrThrow(what, oneOffArguments(container, "--rm", "--interactive"), { input, seconds: 60 });
}
