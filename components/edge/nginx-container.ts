/** Port that nginx listens on inside its container; below 1024 would need root. */
export const NGINX_PORT = 8080;

/** Where the nginx image reads its configuration (components/image/Dockerfile). */
export const CONF_FOLDER = "/etc/nginx-conf";

/**
 * Ends with 0 when nginx answers. The image has no HTTP client, but bash opens TCP connections.
 * @param port The one for those inside the container, which never has TLS.
 */
export const nginxHealthCommand = (port: number): readonly string[] => [
  "bash",
  "-c",
  `exec 3<>/dev/tcp/127.0.0.1/${port} && printf 'GET /healthz HTTP/1.0\\r\\n\\r\\n' >&3 && grep -q ' 200 ' <&3`,
];

/**
 * Puts a text into the place of nginx.conf in one step, if nginx accepts it as it will read it itself.
 * @param source shell command that prints the text
 */
export const installScript = (source: string): string => `set -e
${source} >${CONF_FOLDER}/candidate.conf
nginx -t -q -c ${CONF_FOLDER}/candidate.conf
mv ${CONF_FOLDER}/candidate.conf ${CONF_FOLDER}/nginx.conf`;

/** Puts the users and hashed passwords in place; nginx reads them at each request, so nothing is reloaded. */
export const passwordScript = (source: string): string => `set -e; umask 077
${source} >${CONF_FOLDER}/htpasswd.new
mv ${CONF_FOLDER}/htpasswd.new ${CONF_FOLDER}/htpasswd`;

/** Safari takes none that is valid for longer: https://support.apple.com/en-us/102028 */
const VALID_DAYS = 397;

/**
 * Makes a certificate and its key, which never leave the volume.
 * @param names Host names and addresses, as `www.example.com` or `[::1]`; `.example.com` is for its subdomains too.
 */
export function certificateScript(names: readonly string[]): string {
  const subjects = names.flatMap((name) => {
    const address = name.replace(/^\[(.*)\]$/, "$1");
    if (/^[0-9.]+$|:/.test(address)) return [`IP:${address}`];
    return name.startsWith(".") ? [`DNS:${name.slice(1)}`, `DNS:*${name}`] : [`DNS:${name}`];
  });
  return `set -e; umask 077; cd ${CONF_FOLDER}
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -noenc -days ${VALID_DAYS} -subj "/CN=wsgi-on-aws" \\
  -addext subjectAltName=${subjects.join(",")} -addext extendedKeyUsage=serverAuth -keyout site.key.new -out site.crt.new 2>&1
mv site.key.new site.key; mv site.crt.new site.crt`;
}

/** Less than half of the certificate's life, in days: the first deployment in each such period makes a new one. */
const RENEWED_DAYS = 180;

/** Number of the period; a certificate has 217 days left at the least when the next one begins. */
export const certificatePeriod = (now: Date): number => Math.floor(now.getTime() / 86_400_000 / RENEWED_DAYS);
