import assert from "node:assert/strict";
import type { Served } from "./feature.ts";

const FORGED = {
  "X-Forwarded-For": "10.9.8.7",
  "X-Forwarded-Host": "evil.example",
  "X-Forwarded-Proto": "https",
  Forwarded: "for=10.9.8.7",
};

/** What passes between nginx and Gunicorn. */
export const PROXYING: readonly Served[] = [
  {
    feature: "reverse proxy that tells the application who asks",
    settings: ["upstream", "port", "allowedHosts"],
    directives: ["proxy_pass", "proxy_set_header"],
    set: () => ({}),
    check: async (lab) => {
      const { host, secure, path, meta } = await lab.seen("/seen?a=b", { headers: FORGED });
      assert.deepEqual([host, secure, path], [`127.0.0.1:${lab.port}`, false, "/seen?a=b"]);
      assert.equal(meta["HTTP_X_FORWARDED_FOR"], lab.client);
      assert.equal(meta["HTTP_X_REAL_IP"], lab.client);
      assert.deepEqual([meta["HTTP_X_FORWARDED_HOST"], meta["HTTP_FORWARDED"]], [undefined, undefined]);
    },
    mutations: [
      [/^ +proxy_pass http:\/\/gunicorn;$/],
      [/proxy_set_header Host \$host:\d+;/],
      [/proxy_set_header X-Forwarded-For/],
      [/proxy_set_header X-Real-IP/],
      [/proxy_set_header X-Forwarded-Proto/],
      [/proxy_set_header X-Forwarded-Host/],
      [/proxy_set_header Forwarded/],
    ],
  },
  {
    feature: "a request id through nginx, Gunicorn and Django's log: nobody can choose it, the answer has it once",
    settings: ["settingsOverlay"],
    directives: ["proxy_set_header", "proxy_hide_header", "add_header"],
    set: () => ({}),
    check: async (lab) => {
      // The view, too, answers with an id that it was told.
      const answer = await lab.ask("/seen?id=told", { headers: { "X-Request-ID": "forged" } });
      const { id } = JSON.parse(answer.body.toString()) as { id: string };
      assert.match(id, /^[0-9a-f]{32}$/);
      assert.deepEqual(answer.header("X-Request-ID"), [id]);
    },
    mutations: [
      [/proxy_set_header X-Request-ID/],
      [/proxy_hide_header X-Request-ID/],
      [/^ {8}add_header X-Request-ID/],
    ],
  },
  {
    feature: "retries that never repeat a POST",
    settings: ["replicas"],
    directives: ["proxy_next_upstream", "proxy_next_upstream_tries"],
    set: () => ({}),
    check: async (lab) => {
      const [refusing = ""] = lab.replicas;
      const name = `busy-${Date.now()}`;
      for (let time = 0; time < 6; time++) {
        assert.equal(await lab.status(`/busy?on=${refusing}&name=${name}`), 200, "a GET goes to the other one");
      }
      const post = `${name}-post`;
      for (let time = 0; time < 6; time++) await lab.status(`/busy?on=${refusing}&name=${post}`, { body: "a=b" });
      assert.equal(await lab.calls(post), 6, "a POST runs once");
      await lab.without(["gunicorn-1"], async () => {
        for (let time = 0; time < 4; time++) {
          assert.equal(await lab.status("/seen"), 200);
          assert.equal(await lab.status("/seen", { body: "a=b" }), 200, "nobody has taken it yet");
        }
      });
    },
    mutations: [
      [/proxy_next_upstream error.*;/],
      [/proxy_next_upstream error.*;/, "proxy_next_upstream error timeout http_502 http_503 non_idempotent;"],
      [/proxy_next_upstream_tries 2;/, "proxy_next_upstream_tries 1;"],
    ],
  },
  {
    feature: "time-outs for each path",
    settings: ["requestTimeout", "paths.timeout"],
    directives: ["proxy_read_timeout"],
    set: () => ({ requestTimeout: "6s", paths: { "/short/": { timeout: "1s" } } }),
    check: async (lab) => {
      const paths = ["/short/sleep/8000", "/sleep/8000", "/sleep/14000"];
      const answers = await Promise.all(paths.map((path) => lab.ask(path)));
      assert.deepEqual(
        answers.map(({ status }) => status),
        [504, 200, 504],
      );
      const times = answers.map(({ milliseconds }) => milliseconds.last);
      assert.ok((times[0] ?? 0) > 5500 && (times[2] ?? 0) > 10_500, `${times.join(", ")} ms`);
    },
    mutations: [[/proxy_read_timeout 6s/], [/proxy_read_timeout 11s/]],
  },
  {
    feature: "answers that stream",
    settings: ["paths.streaming"],
    directives: ["proxy_buffering", "proxy_http_version"],
    set: () => ({ paths: { "/live/": { streaming: true } } }),
    check: async (lab) => {
      const { milliseconds, body } = await lab.ask("/live/stream");
      assert.match(body.toString(), /data: 0.*data: 3/s);
      const { first, last } = milliseconds;
      assert.ok(last - first > 800, `the first after ${first} ms, the last after ${last} ms`);
    },
    // Each alone lets pieces through: without a length (HTTP/1.0) in the end, with a buffer when it is full.
    mutations: [[/proxy_buffering off|proxy_http_version 1\.1/]],
  },
];
