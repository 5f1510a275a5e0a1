import type { ACMClient } from "@aws-sdk/client-acm";
import { explained } from "../aws/clients.ts";
import { ActFailed } from "../release/act-failed.ts";
import { readable, recordsFor } from "./records.ts";

/** By type, for there is one; ACM asks 72 hours long for the records, and an `up` alone would not ask again. */
const ANOTHER = "pulumi up --replace '**acm/certificate:**'";
const WHAT_THEN = "Create them where your domain's DNS is; they stay for the renewals. Then run pulumi up again.";

/**
 * Passes when ACM has issued the certificate. It does not wait: until somebody has written the records that may take days.
 * @throws ActFailed with the records that are missing, or with ACM's reason
 */
export async function requireIssued(acm: ACMClient, arn: string): Promise<void> {
  const { DescribeCertificateCommand } = await import("@aws-sdk/client-acm");
  const { Certificate: certificate } = await explained("asking for the certificate", () =>
    acm.send(new DescribeCertificateCommand({ CertificateArn: arn })),
  );
  const status = certificate?.Status ?? "unknown";
  if (status === "ISSUED") return;
  if (status !== "PENDING_VALIDATION") {
    const reason = certificate?.FailureReason ?? status;
    throw new ActFailed(
      `The certificate ${arn} cannot serve: ${reason}. Mend what stands in its way, then ask for another one: ${ANOTHER}`,
    );
  }
  const options = (certificate?.DomainValidationOptions ?? []).flatMap(({ DomainName, ResourceRecord: record }) =>
    DomainName !== undefined && record?.Name !== undefined && record.Type !== undefined && record.Value !== undefined
      ? [
          {
            domainName: DomainName,
            resourceRecordName: record.Name,
            resourceRecordType: record.Type,
            resourceRecordValue: record.Value,
          },
        ]
      : [],
  );
  if (options.length === 0) {
    throw new ActFailed("ACM has not made the records yet that prove your domain. Run pulumi up again in a minute.");
  }
  throw new ActFailed(
    `The certificate waits for proof that the domain is yours. DNS records:\n\n${readable(recordsFor(options))}\n\n${WHAT_THEN}`,
  );
}
