import { readFileSync } from "node:fs";
import { UserError } from "../shared/user-error.ts";
import { codeOf } from "./project-files.ts";

/** Linux takes no longer text as one argument (MAX_ARG_STRLEN, 128 KiB), and the build gets the certificates as one. */
const MOST_BYTES = 100_000;
const CERTIFICATE = /-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/g;

/**
 * The certificates in a PEM file, without what else stands in it.
 * @throws UserError when it cannot be read, holds none, or holds a whole system's bundle
 */
export function readExtraCa(path: string): string {
  const wrong = (what: string, remedy: string) => new UserError([{ where: "extraCaFile", what, remedy }]);
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    throw wrong(`the file ${path} cannot be read (${codeOf(error)}).`, "Write the path of a PEM file.");
  }
  const pem = [...text.matchAll(CERTIFICATE)].map(([certificate]) => certificate.replaceAll("\r", "")).join("\n");
  if (pem === "") throw wrong(`${path} holds no certificate.`, 'A PEM file has lines "-----BEGIN CERTIFICATE-----".');
  if (pem.length > MOST_BYTES) {
    throw wrong(
      `${path} holds ${pem.length} bytes of certificates.`,
      "Name a file with those of your proxy only; Debian's are there already.",
    );
  }
  return pem;
}
