import { alphanumeric, arn, uuid } from "../ids.ts";
import { between, finding, matches, oneOf, text, valuesAt, type Finding, type Place, type Records } from "../record.ts";
import type { Properties, Stored } from "../world.ts";
import { SUBNET } from "./ec2.ts";
import { SECRET_VERSION } from "./secrets-manager.ts";
import { GROUP } from "./security-groups.ts";

export const INSTANCE = "aws:rds/instance:Instance";
const SUBNETS = "aws:rds/subnetGroup:SubnetGroup";
const PARAMETERS = "aws:rds/parameterGroup:ParameterGroup";

const IDENTIFIER = /^[a-z](?!.*--)[a-z0-9-]{0,61}[a-z0-9]$/;
const RESERVED = ["admin", "postgres", "rdsadmin", "rdsrepladmin", "user"];

function password(inputs: Properties): Finding {
  const [own, managed] = [text(inputs, "password"), inputs["manageMasterUserPassword"] === true];
  if (own !== undefined && managed)
    return finding(
      "password",
      "InvalidParameterCombination: You can't specify MasterUserPassword with ManageMasterUserPassword",
    );
  if (own === undefined) return undefined;
  if (own.length < 8 || own.length > 128)
    return finding(
      "password",
      "InvalidParameterValue: The parameter MasterUserPassword is not a valid password because it is shorter than 8 or longer than 128 characters.",
    );
  return /[/"@ ]/.test(own)
    ? finding(
        "password",
        "InvalidParameterValue: Only printable ASCII characters besides '/', '@', '\"', ' ' may be used.",
      )
    : undefined;
}

function coversTwoZones(inputs: Properties, { world }: Place): Finding {
  const zones = new Set(
    valuesAt(inputs, "subnetIds").map((id) => world.get(SUBNET, String(id))?.properties["availabilityZone"]),
  );
  return zones.size < 2
    ? finding(
        "subnetIds",
        "DBSubnetGroupDoesNotCoverEnoughAZs: The DB subnet group doesn't meet Availability Zone (AZ) coverage requirement",
      )
    : undefined;
}

function family(inputs: Properties, { world }: Place): Finding {
  const group = world.get(PARAMETERS, String(inputs["parameterGroupName"]));
  const wanted = `postgres${String(inputs["engineVersion"]).split(".")[0] ?? ""}`;
  return group && group.properties["family"] !== wanted
    ? finding(
        "parameterGroupName",
        `InvalidParameterCombination: The Parameter Group ${group.id} with DBParameterGroupFamily ${String(group.properties["family"])} can't be used for this instance.`,
      )
    : undefined;
}

const shrinks = (inputs: Properties, _: Place, self: Stored | undefined): Finding =>
  self && Number(inputs["allocatedStorage"]) < Number(self.properties["allocatedStorage"])
    ? finding(
        "allocatedStorage",
        "InvalidParameterCombination: Invalid storage size for engine name postgres: it cannot shrink",
      )
    : undefined;

/** A last snapshot outlives its database, with its name. */
const snapshotFree = (inputs: Properties, { world }: Place, self: Stored | undefined): Finding => {
  const name = inputs["finalSnapshotIdentifier"];
  const taken = world
    .all(INSTANCE)
    .some(({ id, properties }) => id !== self?.id && properties["snapshot"] === name && name !== undefined);
  return taken ? finding("finalSnapshotIdentifier", `DBSnapshotAlreadyExists: ${String(name)}`) : undefined;
};

/** ARN of the secret in which RDS keeps the password that it made itself. */
export const managedSecret = ({ properties }: Stored): string | undefined => {
  const [secret] = (properties["masterUserSecrets"] ?? []) as { secretArn: string }[];
  return secret?.secretArn;
};

/** A secret as RDS writes it. */
export const newPassword = (secretId: string): Properties => ({
  secretId,
  secretString: JSON.stringify({ username: "app", password: alphanumeric(28) }),
});

export const DATABASES: Records = {
  [SUBNETS]: {
    autoname: ["name", 255],
    id: ({ name }) => String(name),
    outputs: ({ name }, _, place) => ({ arn: arn(place, "rds", `subgrp:${String(name)}`) }),
    inUse: "InvalidDBSubnetGroupStateFault",
    references: [{ path: "subnetIds", type: SUBNET, code: "InvalidSubnet" }],
    checks: [matches("name", /^[a-z0-9 ._-]{1,255}$/, "InvalidParameterValue: name")],
    cross: [coversTwoZones],
  },
  [PARAMETERS]: {
    autoname: ["name", 255],
    id: ({ name }) => String(name),
    outputs: ({ name }, _, place) => ({ arn: arn(place, "rds", `pg:${String(name)}`) }),
    immutable: ["family"],
    inUse: "InvalidDBParameterGroupState",
    checks: [
      matches("name", /^[a-z](?!.*--)[a-z0-9-]{0,253}[a-z0-9]$/, "InvalidParameterValue: name"),
      matches("family", /^postgres1[3-8]$/, "InvalidParameterValue: ParameterGroupFamily"),
    ],
  },
  [INSTANCE]: {
    autoname: ["identifier", 63],
    id: () => `db-${alphanumeric(26)}`,
    outputs: (inputs, id, place) => {
      const identifier = String(inputs["identifier"]);
      const address = `${identifier}.${alphanumeric(12, "abcdefghijklmnopqrstuvwxyz0123456789")}.${place.region}.rds.amazonaws.com`;
      return {
        arn: arn(place, "rds", `db:${identifier}`),
        address,
        endpoint: `${address}:5432`,
        port: 5432,
        resourceId: id,
        masterUserSecrets:
          inputs["manageMasterUserPassword"] === true
            ? [
                {
                  secretArn: arn(place, "secretsmanager", `secret:rds!db-${uuid()}-${alphanumeric(6)}`),
                  secretStatus: "active",
                },
              ]
            : [],
      };
    },
    immutable: ["engine", "username", "storageEncrypted", "dbName"],
    references: [
      { path: "dbSubnetGroupName", type: SUBNETS, code: "DBSubnetGroupNotFoundFault" },
      { path: "parameterGroupName", type: PARAMETERS, code: "DBParameterGroupNotFound" },
      { path: "vpcSecurityGroupIds", type: GROUP, code: "InvalidParameterValue" },
    ],
    checks: [
      matches("identifier", IDENTIFIER, "InvalidParameterValue: DBInstanceIdentifier"),
      matches(
        "finalSnapshotIdentifier",
        /^[a-zA-Z](?!.*--)[a-zA-Z0-9-]{0,253}[a-zA-Z0-9]$/,
        "InvalidParameterValue: FinalDBSnapshotIdentifier",
      ),
      matches(
        "instanceClass",
        /^db\.(t4g|t3|m[5-8]g?|r[5-8]g?|x2g|c6gd)\.(micro|small|medium|large|\d*xlarge)$/,
        "InvalidParameterValue: DB instance class",
      ),
      matches("username", /^[a-zA-Z]\w{0,62}$/, "InvalidParameterValue: MasterUsername"),
      (inputs) =>
        RESERVED.includes(text(inputs, "username") ?? "")
          ? finding(
              "username",
              `InvalidParameterValue: MasterUsername ${text(inputs, "username") ?? ""} cannot be used as it is a reserved word used by the engine`,
            )
          : undefined,
      matches("engineVersion", /^1[3-8](\.\d+)?$/, "InvalidParameterCombination: Cannot find version for postgres"),
      oneOf("engine", ["postgres"], "InvalidParameterValue"),
      oneOf("storageType", ["gp3", "gp2", "io1", "io2"], "InvalidParameterValue"),
      between("allocatedStorage", 20, 65_536, "InvalidParameterValue"),
      oneOf(
        "enabledCloudwatchLogsExports",
        ["postgresql", "upgrade", "iam-db-auth-error"],
        "InvalidParameterCombination",
      ),
      password,
      (inputs) =>
        inputs["skipFinalSnapshot"] === true ||
        "finalSnapshotIdentifier" in inputs ||
        inputs["skipFinalSnapshot"] === undefined
          ? undefined
          : finding(
              "finalSnapshotIdentifier",
              "InvalidParameterCombination: FinalDBSnapshotIdentifier is required unless skipFinalSnapshot is true",
            ),
    ],
    cross: [family, shrinks, snapshotFree],
    effect: (stored, { world }) => {
      const managed = managedSecret(stored);
      if (managed === undefined || world.get(SECRET_VERSION, managed)) return;
      world.put({ type: SECRET_VERSION, key: managed, id: managed, urn: stored.urn, properties: newPassword(managed) });
    },
    gone: (stored, { world }) => {
      world.remove(SECRET_VERSION, managedSecret(stored) ?? "");
    },
    keep: ({ properties }) =>
      properties["deletionProtection"] === true
        ? "InvalidParameterCombination: Cannot delete protected DB Instance, please disable deletion protection and try again."
        : undefined,
    remains: ({ properties }) =>
      properties["skipFinalSnapshot"] === true ? undefined : { snapshot: properties["finalSnapshotIdentifier"] },
  },
};
