import { execFileSync } from "node:child_process";
import { chmodSync, chownSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** User and group of PostgreSQL in its image. */
const POSTGRES = 999;

/** Where a throw-away authority and what it signed lie. */
export interface DatabaseTls {
  /** Certificate of the authority: what clients trust instead of Amazon's. */
  readonly authority: string;
  /** Folder with server.crt and server.key, readable for PostgreSQL alone. */
  readonly server: string;
}

const FOLDER = "/tls";
/** Arguments of `docker run` before the image of PostgreSQL, and of the server behind it. */
export const tlsArguments = ({ server }: DatabaseTls) => ({
  run: ["--volume", `${server}:${FOLDER}:ro`],
  server: ["ssl=on", `ssl_cert_file=${FOLDER}/server.crt`, `ssl_key_file=${FOLDER}/server.key`].flatMap((each) => [
    "-c",
    each,
  ]),
});

/** A certificate for a database's address, signed by an authority that exists for one test. */
export function certify(folder: string, address: string): DatabaseTls {
  const server = join(folder, "server");
  mkdirSync(server, { recursive: true });
  const [authority, key] = [join(folder, "ca.pem"), join(folder, "ca.key")];
  const [request, names] = [join(folder, "server.csr"), join(folder, "names")];
  const openssl = (...args: string[]) => execFileSync("openssl", args, { stdio: ["ignore", "ignore", "pipe"] });
  const newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  openssl("req", "-x509", ...newKey, "-keyout", key, "-out", authority, "-days", "1", "-subj", "/CN=in-memory RDS");
  openssl("req", ...newKey, "-keyout", join(server, "server.key"), "-out", request, "-subj", "/CN=database");
  writeFileSync(names, `subjectAltName=DNS:${address}`);
  const signed = ["-CA", authority, "-CAkey", key, "-CAcreateserial", "-days", "1", "-extfile", names];
  openssl("x509", "-req", "-in", request, "-out", join(server, "server.crt"), ...signed);
  chmodSync(authority, 0o644);
  chmodSync(folder, 0o755);
  chmodSync(join(server, "server.key"), 0o600);
  for (const file of ["server.key", "server.crt"]) chownSync(join(server, file), POSTGRES, POSTGRES);
  return { authority, server };
}
