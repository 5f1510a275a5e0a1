import { arn, hex, uuid } from "../ids.ts";
import { finding, matches, oneOf, valuesAt, type Finding, type Place, type Records } from "../record.ts";
import type { Properties } from "../world.ts";

export const CERTIFICATE = "aws:acm/certificate:Certificate";
const RECORD = "aws:route53/record:Record";
const MOST_NAMES = 10;
const DOMAIN = /^(?=.{1,253}$)(\*\.)?(([A-Za-z0-9-]{0,62}[A-Za-z0-9])\.)+([A-Za-z0-9-]{0,62}[A-Za-z0-9])$/;

const names = (inputs: Properties) =>
  [...new Set([inputs["domainName"], ...valuesAt(inputs, "subjectAlternativeNames")])].map(String);

/** A wildcard and its parent domain share their record. */
function options(inputs: Properties): Properties[] {
  const records = new Map<string, Properties>();
  return names(inputs).map((domainName) => {
    const parent = domainName.replace(/^\*\./, "");
    const record = records.get(parent) ?? {
      resourceRecordName: `_${hex(32)}.${parent}.`,
      resourceRecordType: "CNAME",
      resourceRecordValue: `_${hex(32)}.${hex(10)}.acm-validations.aws.`,
    };
    records.set(parent, record);
    return { domainName, ...record };
  });
}

/** ACM finds its proof where it asked for it. */
function proven(inputs: Properties, { world }: Place): Finding {
  const certificate = world.get(CERTIFICATE, String(inputs["certificateArn"]));
  const there = world
    .all(RECORD)
    .map(({ properties }) => [properties["name"], ...(properties["records"] as string[])].join(" "));
  const missing = (certificate?.properties["domainValidationOptions"] as Properties[] | undefined)?.find(
    (option) => !there.includes(`${String(option["resourceRecordName"])} ${String(option["resourceRecordValue"])}`),
  );
  return (
    missing &&
    finding(
      "validationRecordFqdns",
      `timeout while waiting for state to become 'ISSUED': no record proves ${String(missing["domainName"])}`,
    )
  );
}

export const CERTIFICATES: Records = {
  [CERTIFICATE]: {
    id: (_, place) => arn(place, "acm", `certificate/${uuid()}`),
    outputs: (inputs, id) => ({ arn: id, status: "PENDING_VALIDATION", domainValidationOptions: options(inputs) }),
    required: ["domainName"],
    immutable: ["domainName", "subjectAlternativeNames", "validationMethod", "keyAlgorithm"],
    inUse: "ResourceInUseException",
    checks: [
      matches("domainName", DOMAIN, "ValidationException: domainName"),
      matches("subjectAlternativeNames", DOMAIN, "ValidationException: subjectAlternativeNames"),
      oneOf("validationMethod", ["DNS", "EMAIL"], "ValidationException"),
      oneOf("keyAlgorithm", ["RSA_2048", "EC_prime256v1", "EC_secp384r1"], "ValidationException"),
      (inputs) =>
        names(inputs).length > MOST_NAMES
          ? finding("subjectAlternativeNames", `LimitExceededException: at most ${MOST_NAMES} domain names`)
          : undefined,
    ],
  },
  "aws:acm/certificateValidation:CertificateValidation": {
    id: () => new Date().toISOString(),
    immutable: "*",
    references: [{ path: "certificateArn", type: CERTIFICATE, code: "ResourceNotFoundException" }],
    cross: [proven],
    effect: ({ properties }, { world }) => {
      const certificate = world.get(CERTIFICATE, String(properties["certificateArn"]));
      if (certificate) world.put({ ...certificate, properties: { ...certificate.properties, status: "ISSUED" } });
    },
  },
};
