import type { AwsError } from "./handler.ts";

/** STS speaks the query protocol, and calls the same errors by other names. */
const NAMES: Readonly<Record<string, string>> = {
  ExpiredTokenException: "ExpiredToken",
  UnrecognizedClientException: "InvalidClientTokenId",
  MissingAuthenticationTokenException: "MissingAuthenticationToken",
  InvalidSignatureException: "SignatureDoesNotMatch",
  UnknownOperationException: "InvalidAction",
};
const NAMESPACE = 'xmlns="https://sts.amazonaws.com/doc/2011-06-15/"';

export const callerIdentity = (account: string): string =>
  `<GetCallerIdentityResponse ${NAMESPACE}><GetCallerIdentityResult><Arn>arn:aws:iam::${account}:user/test</Arn>` +
  `<UserId>AIDATEST</UserId><Account>${account}</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`;

export const stsError = ({ name, message }: AwsError): string =>
  `<ErrorResponse ${NAMESPACE}><Error><Type>Sender</Type><Code>${NAMES[name] ?? name}</Code>` +
  `<Message>${message.replace(/[<>&]/g, " ")}</Message></Error></ErrorResponse>`;
