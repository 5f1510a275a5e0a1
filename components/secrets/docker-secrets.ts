import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";

/** Its name until AWS's own secrets took it. */
const FORMER = "wsgi-on-aws:index:AppSecrets";

/**
 * Secrets of a local stack that nobody has to invent: generated once, encrypted in the state, protected from deletion. They outlive
 * `npm run stop`, for a new SECRET_KEY would end every session and a new password would not open the kept database.
 */
export class DockerSecrets extends pulumi.ComponentResource {
  /** Django's SECRET_KEY, 64 characters. */
  readonly secretKey: pulumi.Output<string>;
  /** Password of the database user, letters and digits only, so that it needs no quoting inside a URL. */
  readonly databasePassword: pulumi.Output<string>;

  constructor(name: string, opts?: pulumi.ComponentResourceOptions) {
    super("wsgi-on-aws:index:DockerSecrets", name, {}, pulumi.mergeOptions(opts, { aliases: [{ type: FORMER }] }));
    const kept = { parent: this, protect: true };
    this.secretKey = new random.RandomPassword(`${name}-secret-key`, { length: 64, special: true }, kept).result;
    this.databasePassword = new random.RandomPassword(`${name}-database`, { length: 32, special: false }, kept).result;
    this.registerOutputs({ secretKey: this.secretKey, databasePassword: this.databasePassword });
  }
}
