import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Profile } from "../shared/profile.ts";

/** Images that stay: more than anyone rolls back to. A task definition that names one of them can always start. */
const KEPT_IMAGES = 30;

export interface ImageRepositoryArgs {
  readonly profile: Profile;
}

/**
 * A registry of one image's versions. Tags can be moved on purpose (docs/decisions/0006-image-tags.md): what runs is named
 * by digest, and an `up` that was killed after its push has to push the same tag again.
 */
export class ImageRepository extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;
  /** Address without tag. */
  readonly url: pulumi.Output<string>;
  /** Account that the registry belongs to. */
  readonly registryId: pulumi.Output<string>;

  constructor(name: string, { profile }: ImageRepositoryArgs, opts?: pulumi.ComponentResourceOptions) {
    super("wsgi-on-aws:index:ImageRepository", name, {}, opts);
    const repository = new aws.ecr.Repository(
      `${name}-repository`,
      {
        imageTagMutability: "MUTABLE",
        imageScanningConfiguration: { scanOnPush: true },
        encryptionConfigurations: [{ encryptionType: "AES256" }],
        forceDelete: profile === "dev",
      },
      { parent: this },
    );
    new aws.ecr.LifecyclePolicy(
      `${name}-lifecycle`,
      { repository: repository.name, policy: JSON.stringify({ rules: [keepNewest(KEPT_IMAGES)] }) },
      { parent: this },
    );
    this.arn = repository.arn;
    this.url = repository.repositoryUrl;
    this.registryId = repository.registryId;
    this.registerOutputs({ url: this.url });
  }
}

const keepNewest = (count: number) => ({
  rulePriority: 1,
  description: `keep the newest ${count}`,
  selection: { tagStatus: "any", countType: "imageCountMoreThan", countNumber: count },
  action: { type: "expire" },
});
