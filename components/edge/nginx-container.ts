/** Where the nginx image reads its configuration (components/image/Dockerfile). */
export const CONF_FOLDER = "/etc/nginx-conf";

/** The image has no HTTP client, but bash opens TCP connections. */
const HEALTH_SCRIPT = `exec 3<>/dev/tcp/127.0.0.1/8080 && printf 'GET /healthz HTTP/1.0\\r\\n\\r\\n' >&3 && grep -q ' 200 ' <&3`;

/** Ends with 0 when nginx answers. */
export const NGINX_HEALTH_COMMAND: readonly string[] = ["bash", "-c", HEALTH_SCRIPT];

/**
 * Puts a text into the place of nginx.conf in one step, if nginx accepts it as it will read it itself.
 * @param source shell command that prints the text
 */
export const installScript = (source: string): string => `set -e
${source} >${CONF_FOLDER}/candidate.conf
nginx -t -q -c ${CONF_FOLDER}/candidate.conf
mv ${CONF_FOLDER}/candidate.conf ${CONF_FOLDER}/nginx.conf`;
