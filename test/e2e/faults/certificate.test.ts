/** A certificate that has run out: what visitors and operators see, and how it is renewed. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { connect } from "node:tls";
import { NginxFiles } from "../../features/install.ts";
import { Checkout, docker } from "../checkout.ts";
import { Deployment } from "../deployment.ts";

const LONGEST = { timeout: 300_000 };
const TLS = { tls: "self-signed" };

let checkout: Checkout;
let stack: Deployment;

before(async () => {
  checkout = await Checkout.make("certificate");
  stack = new Deployment(checkout);
  const { code, output } = await checkout.start(TLS);
  assert.equal(code, 0, output);
}, LONGEST);
after(() => checkout.remove(), LONGEST);

/** What a visitor who trusts this certificate gets: "trusted", or the reason why not. */
async function visit(): Promise<string> {
  const ca = docker("exec", stack.container("nginx"), "cat", "/etc/nginx-conf/site.crt");
  const socket = connect({ host: "127.0.0.1", servername: "localhost", port: checkout.port, ca });
  return new Promise((resolve) => {
    socket.once("secureConnect", () => {
      socket.destroy();
      resolve("trusted");
    });
    socket.once("error", (error: NodeJS.ErrnoException) => {
      resolve(error.code ?? error.message);
    });
  });
}

const EXPIRED = `set -e; umask 077; cd /etc/nginx-conf
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -noenc -subj /CN=old -addext subjectAltName=DNS:localhost \\
  -not_before 20240101000000Z -not_after 20250101000000Z -keyout site.key -out site.crt`;

test("it is made on the spot, for the names of the site", async () => {
  assert.equal(await visit(), "trusted");
  assert.match((await checkout.run("status")).output, /^the certificate is valid until 20\d\d-/m);
});

test("when it has run out visitors are warned, nginx stays healthy, and status says what to do", async () => {
  await (await NginxFiles.of(stack)).run(EXPIRED);
  docker("kill", "--signal", "HUP", stack.container("nginx"));
  for (let wait = 0; (await visit()) === "trusted" && wait < 50; wait++) await new Promise((r) => setTimeout(r, 100));
  assert.equal(await visit(), "CERT_HAS_EXPIRED");
  const { code, output } = await checkout.run("status");
  assert.equal(code, 0, output);
  assert.match(output, /answers 200\nthe certificate ran out on 2025-01-01: /);
});

test("half a year later the next deployment makes a new one, without a new container", LONGEST, async () => {
  const nginx = stack.container("nginx");
  const later = { NODE_OPTIONS: `--import=${join(import.meta.dirname, "later.mjs")}` };
  const { code, output } = await checkout.run("start", checkout.settings(TLS), later);
  assert.equal(code, 0, output);
  assert.match(output, /a certificate for localhost, 127\.0\.0\.1, \[::1\] was made/);
  assert.equal(await visit(), "trusted");
  assert.equal(stack.container("nginx"), nginx);
});
