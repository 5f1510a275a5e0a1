import { cpSync, globSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { allOnPath, digestOf } from "./files.ts";
import { buildImage, imageHere, pulled, STAND_IN_LABEL } from "./image.ts";
import type { Found, Site, Supplier } from "./part.ts";
import { run } from "./run.ts";

const NAME = "debian:13-slim";
const SUITE = "trixie";
const CERTIFICATES = "/usr/local/share/ca-certificates";
// What the official image leaves out, too: https://github.com/debuerreotype/debuerreotype (.slimify-excludes)
const LEFT_OUT = ["doc", "man", "info", "locale", "lintian", "linda", "groff"].map((name) => `/usr/share/${name}`);

/** The base of every image: pulled, or made with debootstrap from the mirror that this machine's own apt uses. */
export const debianImage: Supplier = {
  part: `image ${NAME}`,
  needs: ["docker engine"],
  find: (site) => imageHere(site, NAME, recipe(site)),
  ordinary: (site) => pulled(site, NAME),
  standIn: async (site): Promise<Found> => {
    site.say(`${NAME}: no registry answers, so debootstrap makes it from Debian's packages (about a minute)`);
    if (allOnPath(site, "debootstrap").length === 0) await site.install(["debootstrap"], `it makes ${NAME}`);
    if (process.getuid?.() !== 0) throw new Error("is made with debootstrap, which only root can run.");
    mkdirSync(site.tools, { recursive: true });
    const work = mkdtempSync(join(site.tools, ".debian-"));
    try {
      await fillRoot(site, join(work, "root"));
      await intoDocker(site, work);
    } finally {
      rmSync(work, { recursive: true, force: true });
    }
    return (await imageHere(site, NAME, recipe(site))) ?? Promise.reject(new Error("was not imported."));
  },
  remedy: `Run \`docker pull ${NAME}\`.`,
};

/** A changed recipe, or a certificate that the machine trusts since, makes another image. */
function recipe(site: Site): string {
  return digestOf(join(site.root, "tools/debian-image.ts"), ...extraCertificates());
}

function extraCertificates(): string[] {
  return globSync(`${CERTIFICATES}/**/*.crt`).sort();
}

async function fillRoot(site: Site, root: string): Promise<void> {
  const mirrors = await aptMirrors(site);
  const progress = { what: `${NAME} (debootstrap)`, say: site.say };
  const options = ["--variant=minbase", "--include=ca-certificates", SUITE, root];
  await run("debootstrap", [...options, ...(mirrors.main === undefined ? [] : [mirrors.main])], {
    within: 900,
    env: site.env,
    progress,
  });
  writeFileSync(join(root, "etc/apt/sources.list"), "");
  writeFileSync(join(root, "etc/apt/sources.list.d/debian.sources"), sources(mirrors));
  writeFileSync(join(root, "etc/apt/apt.conf.d/90host"), await hostSettings(site));
  const clean = `APT::Update::Post-Invoke { "rm -f /var/cache/apt/archives/*.deb || true"; };\nDir::Cache::pkgcache "";\nDir::Cache::srcpkgcache "";\n`;
  writeFileSync(join(root, "etc/apt/apt.conf.d/docker-clean"), clean);
  writeFileSync(join(root, "etc/dpkg/dpkg.cfg.d/slim"), LEFT_OUT.map((path) => `path-exclude ${path}/*\n`).join(""));

  mkdirSync(join(root, CERTIFICATES), { recursive: true });
  for (const file of extraCertificates()) cpSync(file, join(root, file));
  await run("chroot", [root, "update-ca-certificates"], {
    within: 120,
    env: { PATH: "/usr/sbin:/usr/bin:/sbin:/bin" },
  });
  for (const path of [
    ...LEFT_OUT.map((folder) => `${folder}/*`),
    "/var/lib/apt/lists/*",
    "/var/cache/apt/*",
    "/var/log/*.log",
  ]) {
    for (const found of globSync(join(root, path))) rmSync(found, { recursive: true });
  }
}

interface Mirrors {
  readonly main: string | undefined;
  readonly security: string | undefined;
}

/** Where this machine's apt gets Debian from; nothing on Ubuntu, where debootstrap knows a mirror itself. */
async function aptMirrors(site: Site): Promise<Mirrors> {
  const format = "$(ORIGIN) $(CODENAME) $(REPO_URI)";
  const text = await run("apt-get", ["indextargets", "--format", format, "Created-By: Packages"], {
    within: 60,
    env: site.env,
  });
  const debian = text.split("\n").flatMap((line) => {
    const [origin, codename, uri] = line.split(" ");
    return origin === "Debian" && codename !== undefined && uri !== undefined ? [{ codename, uri }] : [];
  });
  const security = debian.find(({ codename }) => codename.endsWith("-security"))?.uri;
  return { main: debian.find(({ codename }) => !codename.includes("-"))?.uri, security };
}

function sources({ main, security }: Mirrors): string {
  const stanza = (uri: string | undefined, suites: string): string =>
    uri === undefined
      ? ""
      : `Types: deb\nURIs: ${uri}\nSuites: ${suites}\nComponents: main\nSigned-By: /usr/share/keyrings/debian-archive-keyring.gpg\n\n`;
  return stanza(main, `${SUITE} ${SUITE}-updates`) + stanza(security, `${SUITE}-security`);
}

/** How this machine's apt reaches its mirror: proxies, retries, checks. */
async function hostSettings(site: Site): Promise<string> {
  const all = await run("apt-config", ["dump"], { within: 30, env: site.env });
  return (
    all
      .split("\n")
      .filter((line) => /^Acquire::(https?::|Retries|ForceIPv|Check-)/.test(line))
      .join("\n") + "\n"
  );
}

async function intoDocker(site: Site, work: string): Promise<void> {
  await run("tar", ["--numeric-owner", "-C", join(work, "root"), "-cf", join(work, "root.tar"), "."], { within: 300 });
  // Libraries that bring their own list of authorities look where these say.
  const trust = "/etc/ssl/certs/ca-certificates.crt";
  const env = extraCertificates().length === 0 ? "" : `ENV SSL_CERT_FILE=${trust} REQUESTS_CA_BUNDLE=${trust}\n`;
  const dockerfile = `FROM scratch\nADD root.tar /\n${env}CMD ["bash"]\n`;
  rmSync(join(work, "root"), { recursive: true });
  writeFileSync(join(work, "Dockerfile"), dockerfile);
  await buildImage(site, `image ${NAME}`, ["--label", `${STAND_IN_LABEL}=${recipe(site)}`, "--tag", NAME, work], 600);
}
