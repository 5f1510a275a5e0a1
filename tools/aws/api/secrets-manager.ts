import type { Place } from "../record.ts";
import { SECRET_VERSION } from "../records/secrets-manager.ts";
import { AwsError, type Handler } from "./handler.ts";

export const secretsManager = ({ world }: Place): Handler => ({
  GetSecretValue: ({ SecretId }) => {
    const found = world.all(SECRET_VERSION).find(({ properties }) => properties["secretId"] === SecretId);
    if (!found) {
      throw new AwsError("ResourceNotFoundException", "Secrets Manager can't find the specified secret.");
    }
    return { ARN: SecretId, SecretString: found.properties["secretString"] };
  },
});
