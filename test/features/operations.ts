import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { open } from "./client.ts";
import type { Served } from "./feature.ts";
import { until } from "../nginx/http-client.ts";
import type { Lab } from "./lab.ts";
import { workersOf } from "./workers.ts";

const PAGES = {
  "502": "/static/errors/down.html",
  "504": "/static/errors/down.html",
  "503": "/static/errors/closed.html",
} as const;

/** Longer than each process of nginx keeps lines of its log. */
const LOG_FLUSH_MS = 1500;
/** Another port than the default. */
const STATUS_PORT = 8082;

/** nginx's answer on the port for those inside its container; nothing when nobody listens there. */
const inside = (lab: Lab, path: string) =>
  lab.exec(
    "nginx",
    "bash",
    "-c",
    `exec 3<>/dev/tcp/127.0.0.1/${STATUS_PORT} || exit 0; printf 'GET ${path} HTTP/1.0\\r\\n\\r\\n' >&3; cat <&3`,
  );

/** What operators look at. */
export const OPERATIONS: readonly Served[] = [
  {
    feature: "worker processes, connections and file limits",
    settings: ["nginx.workerProcesses", "nginx.workerConnections"],
    directives: ["worker_processes", "worker_connections", "worker_rlimit_nofile"],
    set: () => ({ nginx: { workerProcesses: 2, workerConnections: 1024, statusPort: STATUS_PORT } }),
    check: async (lab) => {
      const workers = await workersOf(lab);
      assert.equal(workers.length, 2);
      const limits = await lab.exec("nginx", "grep", "open files", `/proc/${workers[0] ?? ""}/limits`);
      assert.match(limits, /Max open files +4096 /);
      const many = await Promise.all(Array.from({ length: 1300 }, () => open(lab.port, "GET /seen HTTP/1.1\r\n")));
      try {
        const connections = async () =>
          Number(/Active connections: (\d+)/.exec(await inside(lab, "/status"))?.[1] ?? 0);
        await until(connections, (active) => active >= 1300, 5);
        assert.equal(await lab.status("/healthz"), 200, "1,300 connections are fewer than 2 x 1,024");
      } finally {
        for (const socket of many) socket.destroy();
      }
    },
    mutations: [[/worker_processes 2;/], [/worker_rlimit_nofile/], [/worker_connections 1024/]],
  },
  {
    feature: "custom error pages",
    settings: ["errorPages"],
    directives: ["error_page", "alias"],
    set: () => ({ errorPages: PAGES, paths: { "/news/": { cache: "1h" } } }),
    check: async (lab) => {
      await lab.without(["gunicorn-1", "gunicorn-2"], async () => {
        for (const path of ["/seen", `/news/page/${Date.now()}`]) {
          const { status, body, header } = await lab.ask(path);
          assert.equal(status, 502, path);
          assert.match(body.toString(), /back in a minute/, path);
          assert.deepEqual(header("Cache-Control"), ["no-store"]);
        }
      });
      const own = await lab.ask("/fail/502");
      assert.match(own.body.toString(), /the application says so/, "its own errors stay");
    },
    mutations: [
      [/error_page 502 504/],
      [/alias \/srv\/static\/errors\/down.html/],
      [/add_header Cache-Control no-store/],
    ],
  },
  {
    feature: "maintenance",
    settings: ["maintenance.allow", "errorPages"],
    directives: ["map", "if", "return 503"],
    set: () => ({ maintenance: { allow: ["192.0.2.0/24"] }, errorPages: PAGES }),
    check: async (lab) => {
      const closed = await lab.ask("/seen");
      assert.equal(closed.status, 503);
      assert.match(closed.body.toString(), /Closed until Monday/);
      const open = ["/static/site.css", "/healthz", "/healthz/app"];
      assert.deepEqual(await Promise.all(open.map((path) => lab.status(path))), [200, 200, 200]);
    },
    mutations: [
      [/return 503;/],
      [/if .*maintenance.*{/, "if ($arg_never) {"],
      [/map \$maintenance_for:\$uri/, "map $arg_never"],
      [/^ +default 1;$/, "default 0;"],
      [/^ +volatile;/],
      [/error_page 503/],
    ],
  },
  {
    feature: "maintenance: staff goes on",
    settings: ["maintenance.allow"],
    directives: ["geo"],
    set: (lab) => ({ maintenance: { allow: [lab.client] } }),
    check: async (lab) => {
      assert.equal(await lab.status("/seen"), 200);
    },
    mutations: [[/geo \$maintenance_for/, "geo $arg_never $maintenance_for"], [/^ +[0-9.]+ 0;$/]],
  },
  {
    feature: "JSON access logs, for each path",
    settings: ["paths.log"],
    directives: ["log_format", "access_log"],
    set: () => ({ paths: { "/quiet/": { log: false } } }),
    check: async (lab) => {
      const since = new Date();
      const quiet = `/quiet/seen?quiet=${Date.now()}`;
      const loud = `/seen?loud=${Date.now()}`;
      await lab.ask(quiet);
      const { header } = await lab.ask(loud, { headers: { "User-Agent": 'quote" backslash\\ tab\tend' } });
      await sleep(LOG_FLUSH_MS);
      const lines = await lab.logged(since, new RegExp(loud.replace("?", "\\?")));
      const line = lines.find((each) => each.includes(loud)) ?? "";
      assert.doesNotThrow(() => JSON.parse(line) as unknown, line);
      const entry = JSON.parse(line) as Record<string, unknown>;
      assert.deepEqual([entry["uri"], entry["status"], entry["client"]], [loud, 200, lab.client]);
      assert.deepEqual([entry["id"], entry["agent"]], [header("X-Request-ID")[0], 'quote" backslash\\ tab\tend']);
      assert.ok(!lines.some((each) => each.includes(quiet)));
    },
    mutations: [
      [/log_format json escape=json/, "log_format json"],
      [/^ {12}access_log off;$/],
      [/"id":"\$request_id",/, ""],
    ],
  },
  {
    feature: "nginx's counters on a private port",
    settings: ["nginx.statusPort"],
    directives: ["listen", "stub_status", "allow"],
    set: () => ({ nginx: { statusPort: STATUS_PORT } }),
    check: async (lab) => {
      assert.match(await inside(lab, "/status"), /Active connections: \d+/);
      assert.match(await inside(lab, "/healthz"), / 200 OK.*ok/s);
      assert.match(await inside(lab, "/seen"), / 404 /);
      assert.equal(await lab.status("/status"), 404, "the application's, not nginx's");
    },
    mutations: [[/listen 127.0.0.1:8082/, "listen 127.0.0.1:8081"], [/stub_status/], [/^ +allow 127.0.0.1/]],
  },
];
