import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { Profile } from "../shared/profile.ts";

/** Days in which a deleted secret can be had back; 0 removes it at once, so that its stack can be made again. */
const RECOVERY_DAYS: Readonly<Record<Profile, number>> = { dev: 0, prod: 30 };

export interface AppSecretsArgs {
  readonly profile: Profile;
  /** Keep a SECRET_KEY; false where the user brings one. */
  readonly secretKey: boolean;
  /** Keep a password of the database, which nobody rotates; for projects that read it once, at their start. */
  readonly databasePassword: boolean;
}

/** A secret in Secrets Manager, by the ARN that its readers name. */
export interface StoredSecret {
  readonly arn: pulumi.Output<string>;
  readonly value: pulumi.Output<string>;
}

/** Secrets that nobody has to invent: generated once, kept in Secrets Manager, and read from there when a task starts. */
export class AppSecrets extends pulumi.ComponentResource {
  readonly secretKey?: StoredSecret;
  readonly databasePassword?: StoredSecret;
  /** Put these into `dependsOn` of what starts tasks: a secret without a version cannot be read. */
  readonly versions: readonly pulumi.Resource[];

  constructor(name: string, args: AppSecretsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("wsgi-on-aws:index:AppSecrets", name, {}, opts);
    const versions: pulumi.Resource[] = [];
    const keep = (part: string, description: string, generated: random.RandomPasswordArgs): StoredSecret => {
      // In prod a new SECRET_KEY would end every session, and a new password would not open the database.
      const kept = { parent: this, protect: args.profile === "prod" };
      const { result } = new random.RandomPassword(`${name}-${part}-value`, generated, kept);
      const secret = new aws.secretsmanager.Secret(
        `${name}-${part}`,
        { description, recoveryWindowInDays: RECOVERY_DAYS[args.profile] },
        kept,
      );
      versions.push(
        new aws.secretsmanager.SecretVersion(
          `${name}-${part}-version`,
          { secretId: secret.id, secretString: result },
          { parent: this },
        ),
      );
      return { arn: secret.arn, value: result };
    };
    if (args.secretKey) {
      this.secretKey = keep("key", "SECRET_KEY of the application", { length: 64, special: true });
    }
    if (args.databasePassword) {
      this.databasePassword = keep("database", "Password of the application's database user", {
        length: 32,
        special: false,
      });
    }
    this.versions = versions;
    this.registerOutputs({ arns: [this.secretKey?.arn, this.databasePassword?.arn] });
  }
}
