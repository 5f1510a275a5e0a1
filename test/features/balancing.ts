import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import type { Served } from "./feature.ts";
import type { Lab } from "./lab.ts";
import { whileOthersRest, workersOf } from "./workers.ts";

/** How many of these requests each replica answered. */
async function shares(lab: Lab, paths: readonly string[]): Promise<readonly [number, number]> {
  const counts = new Map(lab.replicas.map((replica) => [replica, 0]));
  for (const path of paths) {
    const { replica } = await lab.seen(path);
    counts.set(replica, (counts.get(replica) ?? 0) + 1);
  }
  const [first = 0, second = 0] = counts.values();
  return [first, second];
}

const times = (count: number, path = "/seen") => Array.from({ length: count }, () => path);

/** How requests are shared between Gunicorns. */
export const BALANCING: readonly Served[] = [
  {
    feature: "balancing: in turn",
    settings: ["balancing.method", "replicas"],
    directives: ["server", "zone"],
    set: () => ({ nginx: { workerProcesses: 2 } }),
    check: async (lab) => {
      // Processes that count for themselves: whatever was before, two that take turns ask one Gunicorn twice in a row.
      const [one = "", other = ""] = await workersOf(lab);
      const asked: string[] = [];
      for (const worker of [one, other, one, other]) {
        asked.push((await whileOthersRest(lab, worker, () => lab.seen("/seen"))).replica);
      }
      assert.ok(
        asked.every((replica, index) => replica !== asked[index + 1]),
        asked.join(" "),
      );
      assert.deepEqual(await shares(lab, times(20)), [10, 10]);
    },
    mutations: [[/server unix:\/run\/gunicorn\/gunicorn-2.sock max_fails=0;/], [/^ +zone gunicorn/]],
  },
  {
    feature: "balancing: least connections",
    settings: ["balancing.method"],
    directives: ["least_conn"],
    set: () => ({ balancing: { method: "least-connections" } }),
    check: async (lab) => {
      const long = lab.ask("/sleep/1500");
      await new Promise((resolve) => setTimeout(resolve, 200));
      const counts = await shares(lab, times(10));
      const { replica } = JSON.parse((await long).body.toString()) as { replica: string };
      assert.equal(counts[lab.replicas.indexOf(replica)], 0, "the busy one is left alone");
    },
    mutations: [[/least_conn/]],
  },
  {
    feature: "balancing: one client, one Gunicorn",
    settings: ["balancing.method"],
    directives: ["hash"],
    set: () => ({ balancing: { method: "client" } }),
    check: async (lab) => {
      assert.ok((await shares(lab, times(10))).includes(0), "this client has one replica");
    },
    mutations: [[/hash \$remote_addr/]],
  },
  {
    feature: "balancing: one address, one Gunicorn",
    settings: ["balancing.method"],
    directives: ["hash"],
    set: () => ({ balancing: { method: "uri" } }),
    check: async (lab) => {
      const addresses = Array.from({ length: 12 }, (_, index) => `/seen?page=${index}`);
      const each = await Promise.all(addresses.map((address) => shares(lab, times(3, address))));
      assert.ok(
        each.every((counts) => counts.includes(0)),
        "each address has one replica",
      );
      assert.ok(each.some(([first]) => first > 0) && each.some(([, second]) => second > 0), "both have some");
    },
    mutations: [[/hash \$request_uri/], [/hash \$request_uri/, "hash $host"]],
  },
  {
    feature: "balancing: weights",
    settings: ["balancing.weights"],
    directives: ["server weight="],
    set: () => ({ balancing: { weights: [4, 1] } }),
    check: async (lab) => {
      assert.deepEqual(await shares(lab, times(20)), [16, 4]);
    },
    mutations: [[/weight=4 /, ""]],
  },
  {
    feature: "balancing: a spare Gunicorn",
    settings: ["balancing.backup"],
    directives: ["server backup"],
    set: () => ({ balancing: { backup: [2] } }),
    check: async (lab) => {
      assert.deepEqual(await shares(lab, times(8)), [8, 0]);
      assert.deepEqual(await lab.without(["gunicorn-1"], () => shares(lab, times(8))), [0, 8]);
    },
    mutations: [[/ backup;/, ";"]],
  },
  {
    feature: "balancing: connections to Gunicorn are kept for the next request",
    settings: ["balancing.keepalive"],
    directives: ["keepalive", "proxy_http_version", "proxy_set_header"],
    set: () => ({ balancing: { keepalive: 8 } }),
    check: async (lab) => {
      const requests: number[] = [];
      for (let time = 0; time < 12; time++) {
        const { body } = await lab.ask("/connection");
        requests.push((JSON.parse(body.toString()) as { requests: number }).requests);
      }
      assert.ok(Math.max(...requests) > 1, `requests of each connection: ${requests.join(" ")}`);
    },
    mutations: [[/keepalive 8;/], [/^ {8}proxy_set_header Connection ""/], [/proxy_http_version 1.1/]],
  },
  {
    feature: "balancing: a failing Gunicorn is left alone",
    settings: ["balancing.maxFails", "balancing.failTimeout"],
    directives: ["server max_fails=", "server fail_timeout="],
    set: () => ({ balancing: { maxFails: 1, failTimeout: "20s" } }),
    check: async (lab) => {
      await lab.without(["gunicorn-1"], () => shares(lab, times(4)));
      await sleep(2500); // nginx counts whole seconds, and more than one has to have passed
      assert.deepEqual(await shares(lab, times(8)), [0, 8], "it works again, and is not asked yet");
    },
    mutations: [
      [/max_fails=1/, "max_fails=0"],
      [/fail_timeout=20s/, "fail_timeout=1s"],
    ],
  },
];
