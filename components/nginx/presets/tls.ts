import { nginx } from "../build.ts";
import type { Node, Value } from "../model.ts";
import type { Path } from "../values.ts";

/** Where the host puts the certificate, with its chain, and its key. */
export const CERTIFICATE_FILES: { readonly certificate: Path; readonly key: Path } = {
  certificate: "/etc/nginx-conf/site.crt",
  key: "/etc/nginx-conf/site.key",
};

/** Mozilla's intermediate ciphers, guidelines 6.0 without DHE (https://ssl-config.mozilla.org). */
const CIPHERS = [
  "ECDHE-ECDSA-AES128-GCM-SHA256",
  "ECDHE-RSA-AES128-GCM-SHA256",
  "ECDHE-ECDSA-AES256-GCM-SHA384",
  "ECDHE-RSA-AES256-GCM-SHA384",
  "ECDHE-ECDSA-CHACHA20-POLY1305",
  "ECDHE-RSA-CHACHA20-POLY1305",
];

/**
 * TLS 1.2 and 1.3 with forward secrecy and HTTP/2. Key exchange is OpenSSL's own choice, from 3.5 on (Debian 13) post-quantum first.
 * Sessions are resumed for a day; nginx makes new ticket keys by itself
 * (https://nginx.org/en/docs/http/ngx_http_ssl_module.html#ssl_session_tickets).
 * A visitor who speaks plain HTTP to the port is sent to https.
 * @param origin What the site is reached under, as `https://www.example.com:8443`; never the name that a visitor claims.
 */
export const tls = (origin: readonly Value[], requestUri: Value): Node<"server">[] => [
  nginx.http2("on"),
  nginx.ssl_certificate(CERTIFICATE_FILES.certificate),
  nginx.ssl_certificate_key(CERTIFICATE_FILES.key),
  nginx.ssl_protocols("TLSv1.2", "TLSv1.3"),
  nginx.ssl_ciphers(CIPHERS.join(":")),
  nginx.ssl_prefer_server_ciphers("off"),
  nginx.ssl_session_cache("TLS", "10m"),
  nginx.ssl_session_timeout("1d"),
  nginx.error_page_return(497, 308, [...origin, requestUri]),
];
