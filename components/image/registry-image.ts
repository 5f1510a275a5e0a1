import * as aws from "@pulumi/aws";
import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { ImageBuild } from "./build-arguments.ts";
import type { ImageRepository } from "./image-repository.ts";

export interface RegistryImageArgs {
  readonly build: ImageBuild;
  readonly repository: ImageRepository;
}

/** An image built on this machine's engine and pushed. What uses it takes the digest that the registry gave it. */
export class RegistryImage extends pulumi.ComponentResource {
  /** `<repository>@sha256:…`. */
  readonly digest: pulumi.Output<string>;

  constructor(name: string, { build, repository }: RegistryImageArgs, opts?: pulumi.ComponentResourceOptions) {
    super("wsgi-on-aws:index:RegistryImage", name, {}, opts);
    const { context, dockerfile, target, platform, tag } = build;
    const token = aws.ecr.getAuthorizationTokenOutput({ registryId: repository.registryId }, { parent: this });
    const image = new docker.Image(
      `${name}-build`,
      {
        imageName: pulumi.interpolate`${repository.url}:${tag}`,
        build: { context, dockerfile, target, platform, args: { ...build.args } },
        // On the image, not on a provider: a token differs at every run, and here nobody compares it (pulumi-docker#952).
        registry: { server: token.proxyEndpoint, username: token.userName, password: token.password },
      },
      { parent: this },
    );
    this.digest = image.repoDigest;
    this.registerOutputs({ digest: this.digest });
  }
}
