import assert from "node:assert/strict";
import { describe, test } from "node:test";
import * as pulumi from "@pulumi/pulumi";
import { Database } from "../../../components/database/database.ts";
import { maxConnections } from "../../../components/database/database-class.ts";
import type { Profile } from "../../../components/shared/profile.ts";
import { made, ofType, valueOf } from "./mocks.ts";

const INSTANCE = "aws:rds/instance:Instance";

interface Choice {
  readonly profile?: Profile;
  readonly password?: pulumi.Output<string>;
}

const database = ({ profile = "dev", password }: Choice = {}) =>
  made(
    () =>
      new Database("database", {
        profile,
        subnetIds: ["subnet-1", "subnet-2"],
        securityGroupId: "sg-1",
        instanceClass: "db.t4g.micro",
        storage: 20,
        ...(password && { password }),
      }),
    {
      outputs: {
        [INSTANCE]: { address: "db.example", port: 5432, masterUserSecrets: [{ secretArn: "rotated-arn" }] },
        "random:index/randomId:RandomId": { hex: "1f2e3d4c" },
      },
    },
  );

/** What both profiles have. */
const ALWAYS = {
  engine: "postgres",
  engineVersion: "17",
  instanceClass: "db.t4g.micro",
  allocatedStorage: 20,
  storageType: "gp3",
  storageEncrypted: true,
  dbName: "app",
  username: "app",
  manageMasterUserPassword: true,
  dbSubnetGroupName: "database-subnets-name",
  vpcSecurityGroupIds: ["sg-1"],
  parameterGroupName: "database-parameters-name",
  publiclyAccessible: false,
  autoMinorVersionUpgrade: true,
  copyTagsToSnapshot: true,
  applyImmediately: true,
};
const BY_PROFILE = {
  dev: {
    multiAz: false,
    backupRetentionPeriod: 1,
    deletionProtection: false,
    performanceInsightsEnabled: false,
    skipFinalSnapshot: true,
    enabledCloudwatchLogsExports: [],
  },
  prod: {
    multiAz: true,
    backupRetentionPeriod: 7,
    deletionProtection: true,
    performanceInsightsEnabled: true,
    skipFinalSnapshot: false,
    finalSnapshotIdentifier: "database-last-1f2e3d4c",
    enabledCloudwatchLogsExports: ["postgresql", "upgrade"],
  },
};

for (const profile of ["dev", "prod"] as const) {
  test(`${profile}: exactly these properties`, async () => {
    const of = await database({ profile });
    const instance = ofType(of, /rds\/instance:/)["database-instance"];
    assert.deepEqual(instance?.inputs, { ...ALWAYS, ...BY_PROFILE[profile] });
    assert.equal(instance.protect, profile === "prod");
    assert.match(await valueOf(of.result.ready.urn), /::database-instance$/);
    // Without TLS PostgreSQL lets nobody in.
    assert.deepEqual(ofType(of, /parameterGroup:/)["database-parameters"]?.inputs, {
      description: "Managed by Pulumi",
      family: "postgres17",
      parameters: [{ name: "rds.force_ssl", value: "1" }],
    });
    assert.deepEqual(ofType(of, /subnetGroup:/)["database-subnets"]?.inputs["subnetIds"], ["subnet-1", "subnet-2"]);
  });
}

describe("the password", () => {
  test("RDS keeps it: the application learns where it lies", async () => {
    const { result } = await database();
    assert.equal(await valueOf(result.managedSecret ?? pulumi.output("none")), "rotated-arn");
  });

  test("somebody else keeps it: RDS is told, as a secret, and names none of its own", async () => {
    const of = await database({ password: pulumi.secret("s3cret-of-ours") });
    const { password, manageMasterUserPassword } = ofType(of, /rds\/instance:/)["database-instance"]?.inputs ?? {};
    assert.deepEqual(password, { secret: "s3cret-of-ours" });
    assert.equal(manageMasterUserPassword, undefined); // AWS refuses both
    assert.equal(of.result.managedSecret, undefined);
  });

  test("stands in no variable of the application", async () => {
    for (const password of [undefined, pulumi.secret("s3cret-of-ours")]) {
      const { env } = (await database({ ...(password && { password }) })).result;
      assert.deepEqual(await valueOf(pulumi.output(env)), {
        DATABASE_HOST: "db.example",
        DATABASE_PORT: "5432",
        DATABASE_NAME: "app",
        DATABASE_USER: "app",
      });
    }
  });
});

test("the last snapshot of each database has a name of its own, and only prod takes one", async () => {
  assert.deepEqual(Object.keys(ofType(await database({ profile: "prod" }), /^random:/)), ["database-snapshot"]);
  assert.deepEqual(ofType(await database(), /^random:/), {});
});

test("connections: never more than RDS grants with what it leaves of the memory", () => {
  // Least(memory / 9531392, 5000), by the whole memory of each class: what cannot be exceeded.
  const gib = {
    "db.t3.micro": 1,
    "db.t4g.micro": 1,
    "db.t4g.small": 2,
    "db.t4g.medium": 4,
    "db.t4g.large": 8,
    "db.t4g.2xlarge": 32,
    "db.m6i.large": 8,
    "db.m7g.4xlarge": 64,
    "db.c6gd.large": 4,
    "db.r6g.large": 16,
    "db.r7g.16xlarge": 512,
    "db.x2g.large": 32,
  };
  for (const [name, memory] of Object.entries(gib)) {
    const granted = maxConnections(name) ?? NaN;
    const most = Math.min(5000, (memory * 1024 ** 3) / 9_531_392);
    assert.ok(granted <= most && granted >= Math.floor(most * 0.7), `${name}: ${granted} of ${most}`);
  }
});

test("connections of a class that is not known are not guessed", () => {
  for (const name of [
    "db.c6gd.medium",
    "db.m1.small",
    "db.t4g.constructor",
    "db.t4g.nano",
    "db.z9.xlarge",
    "t4g.micro",
  ])
    assert.equal(maxConnections(name), undefined, name);
});
