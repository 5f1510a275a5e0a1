import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { Profile } from "../shared/profile.ts";

const MAJOR_VERSION = "17";
const DATABASE = "app";
const USER = "app";

export interface DatabaseArgs {
  readonly profile: Profile;
  /** Private subnets in two zones or more. */
  readonly subnetIds: readonly pulumi.Input<string>[];
  readonly securityGroupId: pulumi.Input<string>;
  /** As `db.t4g.micro`. */
  readonly instanceClass: string;
  /** GiB. */
  readonly storage: number;
  /** A password that somebody else keeps. Absent: RDS makes one, keeps it in Secrets Manager and rotates it. */
  readonly password?: pulumi.Output<string>;
}

/** What the profile decides. */
const BY_PROFILE = {
  dev: { multiAz: false, backupRetentionPeriod: 1, deletionProtection: false, performanceInsightsEnabled: false },
  prod: { multiAz: true, backupRetentionPeriod: 7, deletionProtection: true, performanceInsightsEnabled: true },
} as const satisfies Record<Profile, Partial<aws.rds.InstanceArgs>>;

/** PostgreSQL on RDS: encrypted, on TLS only, in private subnets; in prod in two zones, backed up and protected. */
export class Database extends pulumi.ComponentResource {
  /** Environment of the application but for the password. */
  readonly env: Readonly<Record<string, pulumi.Output<string>>>;
  /** ARN of the secret with the password that RDS rotates; absent where the password is somebody else's. */
  readonly managedSecret?: pulumi.Output<string>;
  /** Put this into `dependsOn` of what connects. */
  readonly ready: pulumi.Resource;

  constructor(name: string, args: DatabaseArgs, opts?: pulumi.ComponentResourceOptions) {
    super("wsgi-on-aws:index:Database", name, {}, opts);
    const parent = { parent: this };
    const prod = args.profile === "prod";
    const subnets = new aws.rds.SubnetGroup(`${name}-subnets`, { subnetIds: [...args.subnetIds] }, parent);
    const parameters = new aws.rds.ParameterGroup(
      `${name}-parameters`,
      { family: `postgres${MAJOR_VERSION}`, parameters: [{ name: "rds.force_ssl", value: "1" }] },
      parent,
    );
    // A snapshot outlives its database, and its name stays taken: each database has a name of its own for its last one.
    const last = prod ? new random.RandomId(`${name}-snapshot`, { byteLength: 4 }, parent) : undefined;
    const instance = new aws.rds.Instance(
      `${name}-instance`,
      {
        engine: "postgres",
        engineVersion: MAJOR_VERSION,
        instanceClass: args.instanceClass,
        allocatedStorage: args.storage,
        storageType: "gp3",
        storageEncrypted: true,
        dbName: DATABASE,
        username: USER,
        ...(args.password === undefined ? { manageMasterUserPassword: true } : { password: args.password }),
        dbSubnetGroupName: subnets.name,
        vpcSecurityGroupIds: [args.securityGroupId],
        parameterGroupName: parameters.name,
        publiclyAccessible: false,
        autoMinorVersionUpgrade: true,
        copyTagsToSnapshot: true,
        // A new class or size is what the user asked for now, not for the next maintenance window.
        applyImmediately: true,
        ...BY_PROFILE[args.profile],
        ...(last
          ? { skipFinalSnapshot: false, finalSnapshotIdentifier: pulumi.interpolate`${name}-last-${last.hex}` }
          : { skipFinalSnapshot: true }),
        enabledCloudwatchLogsExports: prod ? ["postgresql", "upgrade"] : [],
      },
      { ...parent, protect: prod },
    );

    this.env = {
      DATABASE_HOST: instance.address,
      DATABASE_PORT: instance.port.apply(String),
      DATABASE_NAME: pulumi.output(DATABASE),
      DATABASE_USER: pulumi.output(USER),
    };
    if (args.password === undefined) {
      this.managedSecret = instance.masterUserSecrets.apply(([secret]) => {
        if (!secret) throw new Error("RDS named no secret with the password of its user");
        return secret.secretArn;
      });
    }
    this.ready = instance;
    this.registerOutputs({ host: instance.address });
  }
}
