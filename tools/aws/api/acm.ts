import type { Place } from "../record.ts";
import { CERTIFICATE } from "../records/acm.ts";
import type { Properties } from "../world.ts";
import { AwsError, type Handler } from "./handler.ts";

export const acm = ({ world }: Place): Handler => ({
  DescribeCertificate: ({ CertificateArn }) => {
    const found = world.get(CERTIFICATE, String(CertificateArn));
    if (!found)
      throw new AwsError("ResourceNotFoundException", `Could not find certificate ${String(CertificateArn)}.`);
    const { status, domainName, domainValidationOptions = [] } = found.properties;
    return {
      Certificate: {
        CertificateArn,
        DomainName: domainName,
        Status: status,
        DomainValidationOptions: (domainValidationOptions as Properties[]).map((option) => ({
          DomainName: option["domainName"],
          ResourceRecord: {
            Name: option["resourceRecordName"],
            Type: option["resourceRecordType"],
            Value: option["resourceRecordValue"],
          },
        })),
      },
    };
  },
});
