import { alphanumeric, arn, uuid } from "../ids.ts";
import { finding, matches, number, type Records } from "../record.ts";

export const SECRET = "aws:secretsmanager/secret:Secret";
export const SECRET_VERSION = "aws:secretsmanager/secretVersion:SecretVersion";

export const SECRETS: Records = {
  [SECRET]: {
    autoname: ["name", 512],
    id: ({ name }, place) => arn(place, "secretsmanager", `secret:${String(name)}-${alphanumeric(6)}`),
    outputs: (_, id) => ({ arn: id }),
    checks: [
      matches("name", /^[\w/+=.@-]+$/, "InvalidParameterException: secret name"),
      (inputs) => {
        const days = number(inputs, "recoveryWindowInDays");
        return days !== undefined && days !== 0 && (days < 7 || days > 30)
          ? finding(
              "recoveryWindowInDays",
              `InvalidParameterException: recoveryWindowInDays ${days} is neither 0 nor between 7 and 30`,
            )
          : undefined;
      },
    ],
    cross: [
      ({ name }, { world }, self) => {
        const twin = world.all(SECRET).find(({ id, properties }) => id !== self?.id && properties["name"] === name);
        if (twin === undefined) return undefined;
        return twin.properties["scheduledForDeletion"] === true
          ? finding(
              "name",
              "InvalidRequestException: You can't create this secret because a secret with this name is already scheduled for deletion.",
            )
          : finding(
              "name",
              `ResourceExistsException: The operation failed because the secret ${String(name)} already exists.`,
            );
      },
    ],
    remains: ({ properties }) =>
      properties["recoveryWindowInDays"] === 0 ? undefined : { ...properties, scheduledForDeletion: true },
  },
  [SECRET_VERSION]: {
    id: ({ secretId }) => `${String(secretId)}|${uuid()}`,
    outputs: ({ secretId }, id) => ({ arn: secretId, versionId: id.split("|")[1] }),
    immutable: ["secretId"],
    references: [{ path: "secretId", type: SECRET, code: "ResourceNotFoundException" }],
    checks: [
      ({ secretString }) =>
        typeof secretString === "string" && Buffer.byteLength(secretString) > 65_536
          ? finding("secretString", "ValidationException: secretString has more than 65536 bytes")
          : undefined,
    ],
  },
};
