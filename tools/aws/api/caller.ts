import type { IncomingMessage } from "node:http";
import { AwsError, type Faults } from "./handler.ts";

/** Access keys that this AWS knows: the user's, and that of the task role in containers. */
const ACCESS_KEYS = ["in-memory", "task-role"];

/**
 * Who signed the request, as far as it can be told without the secret.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 * @throws AwsError by AWS's common names
 */
export function checkCaller({ headers }: IncomingMessage, region: string, faults: Faults): void {
  const [, key = "", scope] = /Credential=([^/]+)\/\d{8}\/([^/]+)\//.exec(headers.authorization ?? "") ?? [];
  if (scope === undefined) throw new AwsError("MissingAuthenticationTokenException", "Missing Authentication Token");
  if (!ACCESS_KEYS.includes(key))
    throw new AwsError("UnrecognizedClientException", "The security token included in the request is invalid.");
  if (faults.expired)
    throw new AwsError("ExpiredTokenException", "The security token included in the request is expired");
  if (scope !== region)
    throw new AwsError("InvalidSignatureException", `Credential should be scoped to a valid region, not '${scope}'.`);
}
