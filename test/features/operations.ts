import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { open } from "./client.ts";
import type { Served } from "./feature.ts";
import type { Lab } from "./lab.ts";

const PAGES = {
  "502": "/static/errors/down.html",
  "504": "/static/errors/down.html",
  "503": "/static/errors/closed.html",
} as const;

/** nginx's answer on the port for those inside its container. */
const inside = (lab: Lab, path: string) =>
  lab.exec(
    "nginx",
    "bash",
    "-c",
    `exec 3<>/dev/tcp/127.0.0.1/8081; printf 'GET ${path} HTTP/1.0\\r\\n\\r\\n' >&3; cat <&3`,
  );

/** Looks again until it is so, for three seconds. */
async function until(holds: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 3000;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new assert.AssertionError({ message: "not within three seconds" });
    await sleep(200);
  }
}

/** nginx's processes, by their arguments; the master is the first. */
async function processes(lab: Lab): Promise<{ pids: string[]; workers: number }> {
  const found = await lab.exec(
    "nginx",
    "bash",
    "-c",
    "for p in /proc/[0-9]*; do echo ${p#/proc/} $(tr '\\0' ' ' <$p/cmdline 2>/dev/null); done",
  );
  const workers = found.split("\n").filter((line) => /nginx: worker process *$/.test(line));
  return { pids: workers.map((line) => line.split(" ")[0] ?? ""), workers: workers.length };
}

/** What operators look at. */
export const OPERATIONS: readonly Served[] = [
  {
    feature: "worker processes, connections and file limits",
    settings: ["nginx.workerProcesses", "nginx.workerConnections"],
    directives: ["worker_processes", "worker_connections", "worker_rlimit_nofile"],
    set: () => ({ nginx: { workerProcesses: 2, workerConnections: 1024 } }),
    check: async (lab) => {
      const { pids, workers } = await processes(lab);
      assert.equal(workers, 2);
      const limits = await lab.exec("nginx", "grep", "open files", `/proc/${pids[0] ?? ""}/limits`);
      assert.match(limits, /Max open files +4096 /);
      const many = await Promise.all(Array.from({ length: 1300 }, () => open(lab.port, "GET /seen HTTP/1.1\r\n")));
      try {
        await until(async () => {
          const [, active = 0] = /Active connections: (\d+)/.exec(await inside(lab, "/status")) ?? [];
          return Number(active) >= 1300;
        });
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
    directives: ["geo", "map", "if", "return 503"],
    set: () => ({ maintenance: { allow: ["192.0.2.0/24"] }, errorPages: PAGES }),
    check: async (lab) => {
      const closed = await lab.ask("/seen");
      assert.equal(closed.status, 503);
      assert.match(closed.body.toString(), /Closed until Monday/);
      const open = ["/static/site.css", "/healthz", "/healthz/app"];
      assert.deepEqual(await Promise.all(open.map((path) => lab.status(path))), [200, 200, 200]);
    },
    mutations: [[/return 503;/], [/^ +default 1;$/, "default 0;"], [/^ +volatile;/], [/error_page 503/]],
  },
  {
    feature: "maintenance: staff goes on",
    settings: ["maintenance.allow"],
    directives: ["geo"],
    set: (lab) => ({ maintenance: { allow: [lab.client] } }),
    check: async (lab) => {
      assert.equal(await lab.status("/seen"), 200);
    },
    mutations: [[/^ +[0-9.]+ 0;$/]],
  },
  {
    feature: "JSON access logs, for each path",
    settings: ["paths.log"],
    directives: ["log_format", "access_log"],
    set: () => ({ paths: { "/quiet/": { log: false } } }),
    check: async (lab) => {
      const since = new Date();
      const quiet = `/quiet/seen?q=${Date.now()}`;
      const loud = `/seen?q=${Date.now()}`;
      const { header } = await lab
        .ask(loud, { headers: { "User-Agent": 'quote" backslash\\ tab\tend' } })
        .then(async (answer) => {
          await lab.ask(quiet);
          return answer;
        });
      const lines = await lab.logged(since, new RegExp(loud.replace("?", "\\?")));
      const line = lines.find((each) => each.includes(loud)) ?? "";
      const entry = JSON.parse(line) as Record<string, unknown>;
      assert.deepEqual([entry["uri"], entry["status"], entry["client"]], [loud, 200, lab.client]);
      assert.deepEqual([entry["id"], entry["agent"]], [header("X-Request-ID")[0], 'quote" backslash\\ tab\tend']);
      assert.ok(!lines.some((each) => each.includes(quiet)));
    },
    mutations: [[/escape=json /, ""], [/^ {12}access_log off;$/], [/"id":"\$request_id",/, ""]],
  },
  {
    feature: "nginx's counters on a private port",
    settings: ["nginx.statusPort"],
    directives: ["listen", "stub_status", "allow", "deny"],
    set: () => ({ nginx: { statusPort: 8081 } }),
    check: async (lab) => {
      assert.match(await inside(lab, "/status"), /Active connections: \d+/);
      assert.match(await inside(lab, "/healthz"), / 200 OK.*ok/s);
      assert.match(await inside(lab, "/seen"), / 404 /);
      assert.equal(await lab.status("/status"), 404, "the application's, not nginx's");
    },
    mutations: [[/stub_status/], [/^ +allow 127.0.0.1/]],
  },
];
