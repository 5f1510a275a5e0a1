import assert from "node:assert/strict";
import { handshake } from "./client.ts";
import type { Served } from "./feature.ts";
import type { Lab } from "./lab.ts";

const moved = async (lab: Lab, path: string, question?: Parameters<Lab["ask"]>[1]) => {
  const { status, header } = await lab.ask(path, question);
  return [status, header("Location")[0]];
};

/** Redirects, TLS, and what every answer says. */
export const ADDRESSES: readonly Served[] = [
  {
    feature: "TLS, also locally",
    settings: ["tls"],
    directives: ["ssl_protocols", "ssl_ciphers", "http2", "error_page 497"],
    set: () => ({ tls: "self-signed" }),
    check: async (lab) => {
      const tls = { tls: true };
      assert.equal((await lab.seen("/seen", tls)).secure, true);
      const promise = async (path: string) => (await lab.ask(path, tls)).header("Strict-Transport-Security");
      assert.deepEqual([await promise("/seen"), await promise("/static/site.css")], [["max-age=3600"], []]);
      const { port } = lab;
      const modern = await handshake(port, { minVersion: "TLSv1.3", ALPNProtocols: ["h2", "http/1.1"] });
      const older = await handshake(port, { maxVersion: "TLSv1.2" });
      const weak = await handshake(port, { maxVersion: "TLSv1.2", ciphers: "ECDHE-ECDSA-AES128-SHA" });
      assert.deepEqual([modern, older, weak], ["TLSv1.3 h2", "TLSv1.2 false", "refused"]);
      assert.deepEqual(await moved(lab, "/seen?a=b"), [308, `https://localhost:${port}/seen?a=b`]);
    },
    mutations: [
      [/http2 on/],
      [/error_page 497/],
      [/ssl_ciphers/],
      [/ssl_protocols .*;/, "ssl_protocols TLSv1.2;"],
      [/proxy_set_header X-Forwarded-Proto/],
    ],
  },
  {
    feature: "redirects: one name for the site",
    settings: ["canonicalHost"],
    directives: ["server_name", "return 308"],
    set: () => ({ canonicalHost: "www.example.com" }),
    check: async (lab) => {
      const at = (Host: string) => ({ headers: { Host } });
      const target = `http://www.example.com:${lab.port}/seen?a=b`;
      assert.deepEqual(await moved(lab, "/seen?a=b", at("example.com")), [308, target]);
      assert.deepEqual(await moved(lab, "/seen?a=b", { ...at("evil.example"), body: "a=b" }), [308, target]);
      assert.equal(await lab.status("/seen", at("www.example.com")), 200);
      assert.equal(await lab.status("/healthz", at("10.0.0.7")), 200);
    },
    mutations: [[/return 308/], [/server_name www.example.com/]],
  },
  {
    feature: "redirects: one form of address (trailing slash)",
    settings: ["paths.trailingSlash"],
    directives: ["map", "if", "return 308"],
    set: () => ({ paths: { "/docs/": { trailingSlash: "append" }, "/api/": { trailingSlash: "remove" } } }),
    check: async (lab) => {
      assert.deepEqual(await moved(lab, "/docs/page/a?b=c"), [308, "/docs/page/a/?b=c"]);
      assert.deepEqual(await moved(lab, "/api/page/a/"), [308, "/api/page/a"]);
      assert.equal(await lab.status("/docs/page/a/"), 200);
      assert.equal(await lab.status("/api/page/a"), 200);
      assert.equal(await lab.status("/docs/file.txt"), 404, "a file keeps its address");
    },
    mutations: [
      [/return 308/],
      [/if .*slash_redirect.*{/, "if ($arg_never) {"],
      [/map \$uri/, "map $arg_never"],
      [/\$page\/;/, '"";'],
      [/ \$page;/, ' "";'],
    ],
  },
  {
    feature: "redirects: what has moved",
    settings: ["paths.redirect"],
    directives: ["return 308"],
    set: () => ({ paths: { "/old/": { redirect: "/new/" } } }),
    check: async (lab) => {
      assert.deepEqual(await moved(lab, "/old/page/a"), [308, "/new/"]);
    },
    mutations: [[/return 308/]],
  },
  {
    feature: "security headers, each once, on every answer",
    settings: ["securityHeaders"],
    directives: ["map", "add_header"],
    set: (lab) => ({
      securityHeaders: { "Permissions-Policy": "camera=()" },
      paths: { "/news/": { cache: "1h" }, "/none/": { deny: [lab.client] } },
    }),
    check: async (lab) => {
      const names = ["X-Content-Type-Options", "Referrer-Policy", "Permissions-Policy", "X-Request-ID"];
      const paths = [
        "/seen",
        "/static/site.css",
        "/static/missing.css",
        "/media/missing",
        "/news/page/h",
        "/none/",
        "/fail/500",
      ];
      for (const path of paths) {
        const { header } = await lab.ask(path);
        const id = path.startsWith("/static/") ? 0 : 1; // static files are not in the log
        assert.deepEqual(
          names.map((name) => header(name).length),
          [1, 1, 1, id],
          path,
        );
      }
    },
    mutations: [
      [/^ {8}add_header X-Content-Type-Options/],
      [/^ {8}add_header Permissions-Policy/],
      [/^ {12}add_header Referrer-Policy/],
      [/map \$upstream_http_\w+/, "map $arg_never"],
      [/^ +default "";/, "default twice;"],
    ],
  },
];
