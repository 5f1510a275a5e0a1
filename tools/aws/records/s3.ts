import { finding, matches, oneOf, text, type Finding, type Place, type Records, type TypeRecord } from "../record.ts";
import type { Properties } from "../world.ts";
import { policyDocument } from "./iam.ts";

const BUCKET = "aws:s3/bucket:Bucket";
const CLOSED = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock";

/** A property of a bucket that is a resource of its own in this provider. */
const part = (more: Partial<TypeRecord> = {}): TypeRecord => ({
  id: ({ bucket }) => String(bucket),
  immutable: ["bucket"],
  references: [{ path: "bucket", type: BUCKET, code: "NoSuchBucket" }],
  ...more,
});

function aboutThisBucket(inputs: Properties, { world }: Place): Finding {
  const bucket = String(inputs["bucket"]);
  const { Statement = [] } = JSON.parse(String(inputs["policy"])) as { Statement?: Properties[] };
  const own = [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/`];
  for (const statement of Statement) {
    for (const resource of [statement["Resource"] ?? []].flat() as string[]) {
      if (resource !== own[0] && !resource.startsWith(own[1] ?? ""))
        return finding("policy", `MalformedPolicy: Policy has invalid resource: ${resource}`);
    }
    const open =
      statement["Effect"] === "Allow" &&
      JSON.stringify(statement["Principal"]).includes('"*"') &&
      !statement["Condition"];
    if (open && world.get(CLOSED, bucket)?.properties["blockPublicPolicy"] === true) {
      return finding(
        "policy",
        "AccessDenied: public policies are blocked by the BlockPublicPolicy block public access setting.",
      );
    }
  }
  return undefined;
}

export const BUCKETS: Records = {
  [BUCKET]: {
    autoname: ["bucket", 63],
    id: ({ bucket }) => String(bucket),
    outputs: ({ bucket }, _, { region }) => ({
      arn: `arn:aws:s3:::${String(bucket)}`,
      bucketDomainName: `${String(bucket)}.s3.amazonaws.com`,
      bucketRegionalDomainName: `${String(bucket)}.s3.${region}.amazonaws.com`,
      region,
    }),
    inUse: "BucketNotEmpty",
    checks: [
      matches("bucket", /^(?!xn--)(?!.*\.\.)(?!(\d+\.){3}\d+$)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, "InvalidBucketName"),
    ],
    cross: [
      ({ bucket }, { world }, self) =>
        !self && world.get(BUCKET, String(bucket))
          ? finding(
              "bucket",
              "BucketAlreadyOwnedByYou: Your previous request to create the named bucket succeeded and you already own it.",
            )
          : undefined,
    ],
  },
  "aws:s3/bucketPolicy:BucketPolicy": part({
    checks: [policyDocument("policy", "resource", "MalformedPolicy")],
    cross: [aboutThisBucket],
  }),
  [CLOSED]: part(),
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls": part({
    checks: [
      oneOf("rule.objectOwnership", ["BucketOwnerEnforced", "BucketOwnerPreferred", "ObjectWriter"], "MalformedXML"),
    ],
  }),
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": part({
    checks: [
      oneOf(
        "rules.applyServerSideEncryptionByDefault.sseAlgorithm",
        ["AES256", "aws:kms", "aws:kms:dsse"],
        "MalformedXML",
      ),
    ],
  }),
  "aws:s3/bucketVersioning:BucketVersioning": part({
    checks: [oneOf("versioningConfiguration.status", ["Enabled", "Suspended", "Disabled"], "MalformedXML")],
  }),
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": part({
    required: ["rules"],
    checks: [
      oneOf("rules.status", ["Enabled", "Disabled"], "MalformedXML"),
      (inputs) =>
        (text(inputs, "rules.id")?.length ?? 0) > 255
          ? finding("rules", "InvalidArgument: ID length should not exceed allowed limit of 255")
          : undefined,
    ],
  }),
};
