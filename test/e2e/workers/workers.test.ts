/** Gunicorn's worker classes, one after the other in the same stack, while visitors come. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { Checkout, docker, type Finished } from "../checkout.ts";
import { Deployment } from "../deployment.ts";
import { Load, type Measured } from "../rollout/load.ts";
import { tryDocker } from "../strangers/docker.ts";
import { Visitor } from "../visitor.ts";
import { mutated, NginxFiles } from "../../features/install.ts";
import { notWithout, type Decided } from "./alone.ts";
import { peaksOf, rush } from "./crowd.ts";

const LONGEST = { timeout: 300_000 };
const REPLICAS = 2;
const WORKERS = 2;
const SETTINGS = {
  projectDir: "test/e2e/workers/project",
  wsgiModule: "workers.wsgi",
  database: "postgres",
  replicas: REPLICAS,
  workers: WORKERS,
  // More than the crowds below send to one worker, fewer than the rush does.
  maxRequests: 450,
  paths: { "/ws/": { streaming: true } },
};
const RUSH = 3000;

interface Case extends Decided {
  readonly protocol: "wsgi" | "asgi";
  readonly multithread: boolean;
  readonly settings: Readonly<Record<string, number>>;
  /** Whether a worker leaves connections for which it has no place to the others. */
  readonly exact: boolean;
  /** Paths of views that sleep in ways that the class can wait for. */
  readonly sleeps: readonly string[];
}

const THREADS = ["/sleep/", "/sleep/async/", "/sleep/database/"];
const CASES: readonly Case[] = [
  {
    workerClass: "sync",
    serves: "wsgi_on_aws.workers.SyncWorker",
    protocol: "wsgi",
    multithread: false,
    settings: {},
    perWorker: 1,
    exact: true,
    sleeps: ["/sleep/"],
  },
  {
    workerClass: "gthread",
    serves: "wsgi_on_aws.workers.ThreadWorker",
    protocol: "wsgi",
    multithread: true,
    settings: { threads: 3 },
    perWorker: 3,
    exact: false,
    sleeps: THREADS,
  },
  {
    workerClass: "gevent",
    serves: "gunicorn.workers.ggevent.GeventWorker",
    protocol: "wsgi",
    multithread: true,
    settings: { workerConnections: 10 },
    perWorker: 10,
    exact: true,
    sleeps: ["/sleep/", "/sleep/database/"], // Django's async views are none of its abilities (docs/gunicorn.md)
  },
  {
    workerClass: "uvicorn",
    serves: "wsgi_on_aws.uvicorn_worker.UvicornWorker",
    protocol: "asgi",
    multithread: true,
    settings: { workerConnections: 10 },
    perWorker: 10,
    exact: false,
    sleeps: THREADS,
  },
];

let checkout: Checkout;
let stack: Deployment;
let visitor: Visitor;
/** The images of the application, by worker class. */
const images = new Map<string, string>();

before(async () => {
  checkout = await Checkout.make("workers");
  stack = new Deployment(checkout);
  visitor = new Visitor(checkout.port);
  // The first change is one under load, too.
  const { code, output } = await checkout.start(SETTINGS);
  assert.equal(code, 0, output);
  images.set("gthread", stack.image());
}, LONGEST);
after(() => checkout.remove(), LONGEST);

/** `npm start` while visitors come. */
async function startUnderLoad(settings: Readonly<Record<string, unknown>>): Promise<[Finished, Measured]> {
  const load = await Load.begin(checkout.port, 20);
  const started = await checkout.start({ ...SETTINGS, ...settings });
  return [started, await load.end()];
}

const replicas = () => Array.from({ length: REPLICAS }, (_, index) => stack.container(`gunicorn-${index + 1}`));
const ended = () =>
  replicas().flatMap((id) => tryDocker(["logs", id]).stderr.match(/Worker exiting \(pid: \d+\)/g) ?? []).length;
const psql = (query: string) =>
  docker("exec", stack.container("postgres"), "psql", "-U", "app", "-d", "app", "-Atc", query);
const CONNECTIONS =
  "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()";

for (const { workerClass, serves, protocol, multithread, settings, perWorker, exact, sleeps } of CASES) {
  describe(workerClass, () => {
    test("npm start changes to it, and no request is lost", LONGEST, async (t) => {
      const [{ code, output }, measured] = await startUnderLoad({ workerClass, ...settings });
      assert.equal(code, 0, output);
      images.set(workerClass, stack.image());
      t.diagnostic(`${measured.sent} requests, the slowest ${measured.slowest.toFixed(0)} ms`);
      assert.deepEqual(measured.failed, []);
      assert.ok(measured.sent > 100);
    });

    test("it is the class that serves", async () => {
      const { body } = await visitor.get("/who/", { "X-Forwarded-For": "203.0.113.9" });
      const who = JSON.parse(body) as { classes: string[]; protocol: string; multithread: boolean; address: string };
      assert.ok(who.classes.includes(serves), body);
      assert.deepEqual([who.protocol, who.multithread], [protocol, multithread]);
      // A unix socket has no address, so WSGI has none; ASGI's is the one that nginx saw, not the one that a visitor claims.
      assert.match(
        who.address,
        protocol === "asgi" ? /^172\.\d+\.\d+\.\d+$|^192\.168\.\d+\.\d+$|^10\.\d+\.\d+\.\d+$/ : /^$/,
      );
    });

    test("each worker works on as many requests at the same time as the settings say", LONGEST, async (t) => {
      const whole = REPLICAS * WORKERS * perWorker;
      for (const path of sleeps) {
        const found = await peaksOf(checkout.port, `${path}?seconds=1`, Math.min(4 * whole, 64));
        t.diagnostic(`${path}: ${found.all} at once, ${found.ofOneProcess} in one process`);
        assert.equal(found.ofOneProcess, perWorker, path);
        // Those that take one connection for each free place are full; the others take every connection that waits, and which
        // worker that is, is chance.
        if (exact) assert.equal(found.all, whole, path);
        else assert.ok(found.all > perWorker && found.all <= whole, `${path}: ${found.all}`);
      }
    });

    test("no connection to the database is left behind", async (t) => {
      await peaksOf(checkout.port, "/sleep/database/?seconds=0", 40);
      await sleep(500);
      const left = Number(psql(CONNECTIONS));
      t.diagnostic(`${left} connections`);
      // Threads and the one of a sync worker keep theirs for the next request.
      assert.ok(left <= (perWorker <= 3 ? REPLICAS * WORKERS * perWorker : 0), String(left));
    });

    test("workers are replaced after maxRequests, and no request is lost", LONGEST, async (t) => {
      const before = ended();
      assert.deepEqual(await rush(checkout.port, RUSH, 8), []);
      const replaced = ended() - before;
      t.diagnostic(`${replaced} workers replaced during ${RUSH} requests`);
      assert.ok(replaced >= 2, String(replaced));
    });

    notWithout(() => stack.container("gunicorn-1"), { workerClass, serves, perWorker });
    if (workerClass === "uvicorn") websockets();
  });
}

function websockets() {
  test("a WebSocket is answered by Gunicorn", () => {
    const script = `from websockets.sync.client import unix_connect
with unix_connect("/run/gunicorn/gunicorn-1.sock", "ws://localhost/ws/echo") as socket:
    socket.send("hello")
    print(socket.recv(timeout=5))`;
    assert.equal(stack.run("python", "-c", script), "hello");
  });

  test("a WebSocket reaches it through nginx", async () => {
    assert.equal(await heard(), "hello");
  });

  for (const line of [/proxy_set_header Upgrade/, /proxy_set_header Connection \$connection_upgrade/]) {
    test(`not without ${line.source}`, async () => {
      const { output } = await checkout.run("nginx", [
        "--stack",
        "local",
        ...checkout.settings({ ...SETTINGS, workerClass: "uvicorn" }),
      ]);
      const nginx = await NginxFiles.of(stack);
      await nginx.install(mutated(output, [line]));
      await assert.rejects(heard);
      await nginx.install(output);
    });
  }
}

/** What the application echoes over a WebSocket. */
function heard(): Promise<unknown> {
  const socket = new WebSocket(`ws://127.0.0.1:${checkout.port}/ws/echo`);
  return new Promise((resolve, reject) => {
    socket.onmessage = ({ data }) => {
      resolve(data);
      socket.close();
    };
    // Also after an error, and where the other side ends it without an answer.
    socket.onclose = () => {
      reject(new Error("the WebSocket closed without an answer"));
    };
    socket.onopen = () => {
      socket.send("hello");
    };
  });
}

test("and back: classes that need no package share one image", LONGEST, async () => {
  const [{ code, output }, measured] = await startUnderLoad({ workerClass: "gthread" });
  assert.equal(code, 0, output);
  assert.deepEqual(measured.failed, []);
  assert.deepEqual([images.get("gthread"), stack.image()], [images.get("sync"), images.get("sync")]);
  assert.equal(new Set(images.values()).size, 3);
});
