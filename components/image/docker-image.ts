import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";

export interface DockerImageArgs {
  /** Target of the Dockerfile: the application, or nginx. */
  readonly target: "gunicorn" | "nginx";
  /** Staged build context, relative to the program's folder: the same text in every checkout. */
  readonly context: string;
  /** The Dockerfile inside the context. */
  readonly dockerfile: string;
  /** Build arguments by name. */
  readonly args: Readonly<Record<string, string>>;
  /** As `linux/amd64`: that of the host the image runs on, not of the machine that builds it. */
  readonly platform: string;
  /** Hash of everything above and of the context's content. */
  readonly tag: string;
}

/** One of the two images of a stack, built on this machine's engine. What uses it takes the digest, never the tag. */
export class DockerImage extends pulumi.ComponentResource {
  /** The image's id, `sha256:…`. */
  readonly digest: pulumi.Output<string>;

  constructor(name: string, args: DockerImageArgs, opts?: pulumi.ComponentResourceOptions) {
    super("wsgi-on-aws:index:DockerImage", name, {}, opts);
    const { target, context, dockerfile, platform, tag } = args;
    const image = new docker.Image(
      `${name}-build`,
      {
        imageName: `${pulumi.getProject()}/${pulumi.getStack()}-${target}:${tag}`,
        build: { context, dockerfile, target, platform, args: { ...args.args } },
        skipPush: true, // without a registry, `repoDigest` is the image's id
      },
      { parent: this },
    );
    this.digest = image.repoDigest;
    this.registerOutputs({ digest: this.digest });
  }
}
