import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { open, untilClosed } from "./client.ts";
import type { Served } from "./feature.ts";
import type { Lab } from "./lab.ts";

const OTHERS = "192.0.2.0/24";
/** More than what the buffers between nginx and a visitor hold. */
const LARGE = 32 * 1024 * 1024;

/** A path whose limit nobody has used up: nginx keeps its counts when it reads its files again. */
let few = "";

async function statuses(lab: Lab, path: string, times: number): Promise<Record<number, number>> {
  const all = await Promise.all(Array.from({ length: times }, () => lab.status(path)));
  return Object.fromEntries(
    [...new Set(all)].sort().map((status) => [status, all.filter((each) => each === status).length]),
  );
}

/** Who may come, how often, with how much, and how slowly. */
export const LIMITS: readonly Served[] = [
  {
    feature: "rate limits for each client and path",
    settings: ["paths.rateLimit"],
    directives: ["limit_req_zone", "limit_req", "limit_req_status"],
    set: () => {
      few = `/few-${Date.now()}/`;
      return { paths: { [few]: { rateLimit: { rate: "1/m", burst: 4 } } } };
    },
    check: async (lab) => {
      assert.deepEqual(await statuses(lab, `${few}seen`, 12), { 200: 5, 429: 7 });
      assert.deepEqual(await statuses(lab, "/many/seen", 12), { 200: 12 });
    },
    mutations: [
      [/limit_req zone/],
      [/limit_req_status/],
      [/limit_req_zone \$binary_remote_addr/, "limit_req_zone $request_id"],
      [/burst=4 nodelay/, "burst=400 nodelay"],
    ],
  },
  {
    feature: "rate limits tried out (dry run)",
    settings: ["paths.rateLimit"],
    directives: ["limit_req_dry_run"],
    set: () => ({ paths: { "/dry/": { rateLimit: { rate: "1/m", burst: 1, dryRun: true } } } }),
    check: async (lab) => {
      const since = new Date();
      assert.deepEqual(await statuses(lab, "/dry/seen", 8), { 200: 8 });
      await lab.logged(since, /limiting requests, dry run/);
    },
    mutations: [[/limit_req_dry_run/], [/limit_req zone/]],
  },
  {
    feature: "lists of who may come to a path",
    settings: ["paths.allow", "paths.deny"],
    directives: ["allow", "deny"],
    set: (lab) => ({
      paths: {
        "/office/": { allow: [lab.client] },
        "/theirs/": { allow: [OTHERS] },
        "/closed/": { deny: [lab.client], allow: ["0.0.0.0/0"] },
        "/closed/but/": { deny: [OTHERS], allow: ["all"] },
      },
    }),
    check: async (lab) => {
      const paths = ["/office/seen", "/theirs/seen", "/closed/seen", "/closed/but/", "/seen"];
      const headers = { "X-Forwarded-For": "192.0.2.7", "X-Real-IP": "192.0.2.7" };
      const answers = await Promise.all(paths.map((path) => lab.status(path, { headers })));
      assert.deepEqual(answers, [200, 403, 403, 404, 200]);
    },
    mutations: [[/^ {12}allow (?!192\.0\.2|0\.0|127)[0-9.]+;/], [/deny (?!192\.0\.2)[0-9.]+;/], [/^ {12}deny all;$/]],
  },
  {
    feature: "basic authentication",
    settings: ["htpasswd", "paths.auth"],
    directives: ["auth_basic", "auth_basic_user_file", "proxy_set_header"],
    set: () => ({ paths: { "/": { auth: true }, "/hook/": { auth: false } } }),
    check: async (lab) => {
      const authorization = (user: string) => ({ headers: { Authorization: `Basic ${btoa(user)}` } });
      assert.deepEqual((await lab.ask("/seen")).header("WWW-Authenticate"), ['Basic realm="Restricted"']);
      for (const path of ["/seen", "/static/site.css", "/media/none.txt"])
        assert.equal(await lab.status(path), 401, path);
      assert.equal(await lab.status("/seen", authorization("alice:wrong")), 401);
      const { meta } = await lab.seen("/seen", authorization("alice:correct horse"));
      assert.equal(meta["HTTP_AUTHORIZATION"], undefined, "the application is not asked about this user");
      assert.deepEqual([await lab.status("/hook/seen"), await lab.status("/healthz")], [200, 200]);
    },
    mutations: [[/auth_basic Restricted/], [/auth_basic_user_file/], [/proxy_set_header Authorization/]],
  },
  {
    feature: "the size of uploads",
    settings: ["uploadLimit", "paths.upload"],
    directives: ["client_max_body_size"],
    set: () => ({ uploadLimit: "2k", paths: { "/large/": { upload: "20k" } } }),
    check: async (lab) => {
      const send = (path: string, bytes: number) => lab.status(`${path}?name=size`, { body: Buffer.alloc(bytes) });
      assert.deepEqual([await send("/take", 1000), await send("/take", 5000)], [200, 413]);
      assert.deepEqual([await send("/large/take", 15_000), await send("/large/take", 30_000)], [200, 413]);
    },
    mutations: [[/client_max_body_size 2k/], [/client_max_body_size 20k/]],
  },
  {
    feature: "uploads handed on as they come",
    settings: ["paths.uploadBuffering"],
    directives: ["proxy_request_buffering", "proxy_http_version"],
    set: () => ({ paths: { "/direct/": { uploadBuffering: false } } }),
    check: async (lab) => {
      const begun = async (path: string) => {
        const name = `take-${Date.now()}`;
        // Without a length: HTTP/1.0, which has no pieces, would have nginx wait for the whole.
        const head = `POST ${path}?name=${name} HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n`;
        const socket = await open(lab.port, `${head}fa0\r\n${"a".repeat(4000)}\r\n`);
        await new Promise((resolve) => setTimeout(resolve, 500));
        const calls = await lab.calls(name);
        socket.destroy();
        return calls;
      };
      assert.deepEqual([await begun("/direct/take"), await begun("/take")], [1, 0]);
    },
    mutations: [[/proxy_request_buffering off/], [/proxy_http_version 1.1/]],
  },
  {
    feature: "protection from slow clients",
    settings: ["clientTimeouts.header", "clientTimeouts.body", "clientTimeouts.send"],
    directives: ["client_header_timeout", "client_body_timeout", "send_timeout"],
    set: () => ({ clientTimeouts: { header: "1s", body: "1s", send: "1s" } }),
    check: async (lab) => {
      const head = "GET /seen HTTP/1.1\r\nHost: localhost\r\n";
      const body = "POST /seen HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nab";
      const [header = 9, half = 9] = await Promise.all(
        [head, body].map(async (text) => untilClosed(await open(lab.port, text), 4)),
      );
      assert.ok(header < 3, `a head: ${header} s`);
      assert.ok(half < 3, `a body: ${half} s`);
      await lab.exec("gunicorn-1", "truncate", `--size=${LARGE}`, "/srv/media/large.bin");
      const answer = await open(
        lab.port,
        "GET /media/large.bin HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
      );
      await sleep(4000); // nobody reads
      await untilClosed(answer, 10);
      assert.ok(answer.bytesRead > 0 && answer.bytesRead < LARGE, `${answer.bytesRead} bytes of an answer`);
    },
    mutations: [[/client_header_timeout/], [/client_body_timeout/], [/send_timeout/]],
  },
];
