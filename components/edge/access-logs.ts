import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

const KEPT_DAYS = 365;

export interface AccessLogsArgs {
  /** Account of the stack. */
  readonly account: pulumi.Input<string>;
}

/** A private bucket for the access logs of a load balancer. */
export class AccessLogs extends pulumi.ComponentResource {
  /** Name of the bucket; known once the load balancer may write to it. */
  readonly bucket: pulumi.Output<string>;
  /** Put this into `dependsOn` of what writes: AWS tries a write before it accepts the setting. */
  readonly writable: pulumi.Resource;

  constructor(name: string, args: AccessLogsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("wsgi-on-aws:index:AccessLogs", name, {}, opts);
    const parent = { parent: this };
    const bucket = new aws.s3.Bucket(`${name}-bucket`, {}, parent);
    const own = { bucket: bucket.id };

    new aws.s3.BucketOwnershipControls(
      `${name}-ownership`,
      { ...own, rule: { objectOwnership: "BucketOwnerEnforced" } },
      parent,
    );
    const closed = new aws.s3.BucketPublicAccessBlock(
      `${name}-closed`,
      { ...own, blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true },
      parent,
    );
    new aws.s3.BucketServerSideEncryptionConfiguration(
      `${name}-encryption`,
      // Load balancers write with S3's own keys only:
      // https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html
      { ...own, rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }] },
      parent,
    );
    new aws.s3.BucketVersioning(`${name}-versions`, { ...own, versioningConfiguration: { status: "Enabled" } }, parent);
    new aws.s3.BucketLifecycleConfiguration(
      `${name}-lifecycle`,
      {
        ...own,
        rules: [
          {
            id: "expire",
            status: "Enabled",
            filter: {},
            expiration: { days: KEPT_DAYS },
            noncurrentVersionExpiration: { noncurrentDays: 30 },
            abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
          },
        ],
      },
      parent,
    );
    this.writable = new aws.s3.BucketPolicy(
      `${name}-policy`,
      {
        ...own,
        policy: pulumi.all([bucket.arn, args.account]).apply(([arn, account]) => bucketPolicy(arn, account)),
      },
      { ...parent, dependsOn: [closed] }, // both change the bucket's policy, and S3 refuses two changes at a time
    );
    this.bucket = bucket.id;
    this.registerOutputs({ bucket: this.bucket });
  }
}

/** Load balancers of the account may add objects; nobody may come without TLS. */
function bucketPolicy(bucket: string, account: string): string {
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "LoadBalancer",
        Effect: "Allow",
        Principal: { Service: "logdelivery.elasticloadbalancing.amazonaws.com" },
        Action: "s3:PutObject",
        Resource: `${bucket}/AWSLogs/${account}/*`,
        Condition: { StringEquals: { "aws:SourceAccount": account } },
      },
      {
        Sid: "TlsOnly",
        Effect: "Deny",
        Principal: "*",
        Action: "s3:*",
        Resource: [bucket, `${bucket}/*`],
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    ],
  });
}
