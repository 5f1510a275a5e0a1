import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { awsClients, type AwsPlace } from "../aws/clients.ts";
import { Gate } from "../release/gate.ts";
import { requireIssued } from "./issued.ts";
import { recordsFor, type ValidationRecord } from "./records.ts";

export interface CertificateArgs {
  readonly place: AwsPlace;
  /** Names of the site; wildcards may stand among the others. */
  readonly domains: readonly [string, ...string[]];
  /** Public Route 53 zone of the domains: ACM finds its proof there, now and at each renewal. */
  readonly zoneId?: pulumi.Input<string>;
}

/**
 * An ACM certificate for the site. Its proof is written into the Route 53 zone; with DNS elsewhere a gate says which records
 * are needed, and lets nothing pass that needs the certificate until ACM has issued it.
 */
export class Certificate extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;
  /** Records that prove the domains, each once. */
  readonly records: pulumi.Output<readonly ValidationRecord[]>;
  readonly #name: string;
  readonly #place: AwsPlace;
  readonly #validation: pulumi.Resource | undefined;

  constructor(name: string, args: CertificateArgs, opts?: pulumi.ComponentResourceOptions) {
    super("wsgi-on-aws:index:Certificate", name, {}, opts);
    const parent = { parent: this };
    const { domains, place, zoneId } = args;
    const [domainName, ...subjectAlternativeNames] = domains;
    const certificate = new aws.acm.Certificate(
      `${name}-acm`,
      { domainName, subjectAlternativeNames, validationMethod: "DNS", keyAlgorithm: "EC_prime256v1" },
      parent,
    );
    this.records = certificate.domainValidationOptions.apply(recordsFor);

    this.#name = name;
    this.#place = place;
    if (zoneId !== undefined) {
      const proofs = provenNames(domains).map(
        (domain) =>
          new aws.route53.Record(
            `${name}-proof-${domain}`,
            // By name: ACM returns its options in any order.
            {
              zoneId,
              ttl: 300,
              type: this.records.apply((records) => recordOf(records, domain).type),
              name: this.records.apply((records) => recordOf(records, domain).name),
              records: [this.records.apply((records) => recordOf(records, domain).value)],
              allowOverwrite: true, // another stack's certificate for the same name has the same record
            },
            { ...parent, retainOnDelete: true }, // and goes on renewing by it
          ),
      );
      this.#validation = new aws.acm.CertificateValidation(
        `${name}-issued`,
        { certificateArn: certificate.arn, validationRecordFqdns: proofs.map(({ fqdn }) => fqdn) },
        parent,
      );
    }
    this.arn = certificate.arn;
    this.registerOutputs({ arn: this.arn, records: this.records });
  }

  /**
   * What has to be there before something serves with the certificate. With DNS elsewhere a gate, which fails a deployment
   * until ACM has issued: so it comes after everything that can be there without a certificate.
   */
  issuedAfter(rest: readonly pulumi.Resource[]): pulumi.Resource {
    const place = this.#place;
    return (
      this.#validation ??
      new Gate(
        `${this.#name}-issued`,
        {
          for: { certificate: this.arn },
          using: { account: place.account },
          act: async ({ values, using }) => {
            const { acm } = await awsClients({ ...place, account: using.account });
            await requireIssued(acm, values.certificate);
          },
        },
        { parent: this, dependsOn: [...rest] },
      )
    );
  }
}

/** Names that need a proof of their own: a wildcard has that of its parent domain. */
export function provenNames(domains: readonly string[]): string[] {
  return [...new Set(domains.map((domain) => domain.replace(/^\*\./, "")))];
}

function recordOf(records: readonly ValidationRecord[], domain: string): ValidationRecord {
  const found = records.find((record) => record.domain === domain);
  if (!found) throw new Error(`ACM named no validation record for ${domain}`);
  return found;
}
