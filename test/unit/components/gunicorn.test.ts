import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { asgiModuleBeside } from "../../../components/gunicorn/asgi-module.ts";
import { gunicornCommand } from "../../../components/gunicorn/command.ts";
import {
  ASSUMED_WORKER_MIB,
  concurrency,
  DEFAULT_CONNECTIONS,
  WORKER_CLASSES,
} from "../../../components/gunicorn/sizing.ts";

describe("concurrency", () => {
  // cpu, memory, sync workers, gthread workers; the rows from 0.25 to 16 vCPU are Fargate's task sizes.
  const table: readonly [number, number, number, number][] = [
    [0.25, 512, 1, 1],
    [0.25, 2048, 1, 1],
    [0.5, 1024, 2, 1],
    [1, 512, 3, 2],
    [1, 2048, 3, 2],
    [2, 4096, 5, 4],
    [4, 8192, 9, 8],
    [8, 16384, 17, 16],
    [16, 32768, 33, 32],
    [16, 512, 4, 4],
    [1, 128, 1, 1],
  ];
  for (const [cpu, memoryMiB, sync, gthread] of table) {
    it(`of ${cpu} vCPU and ${memoryMiB} MiB`, () => {
      assert.deepEqual(concurrency({ cpu, memoryMiB }, "sync"), { workers: sync, perWorker: 1 });
      assert.deepEqual(concurrency({ cpu, memoryMiB }, "gthread"), { workers: gthread, perWorker: 4 });
      for (const workerClass of ["gevent", "uvicorn"] as const) {
        assert.deepEqual(concurrency({ cpu, memoryMiB }, workerClass), { workers: gthread, perWorker: 100 });
      }
    });
  }

  it("leaves a fifth of the memory free, and always has one worker", () => {
    const sizes = fc.record({
      cpu: fc.double({ min: 0.25, max: 16, noNaN: true }),
      memoryMiB: fc.integer({ min: 128, max: 65536 }),
    });
    fc.assert(
      fc.property(sizes, fc.constantFrom(...WORKER_CLASSES), (size, workerClass) => {
        const { workers } = concurrency(size, workerClass);
        assert.ok(workers >= 1);
        assert.ok(workers === 1 || workers * ASSUMED_WORKER_MIB <= 0.8 * size.memoryMiB);
      }),
    );
  });

  it("is what the settings say, each class by its own", () => {
    const size = { cpu: 1, memoryMiB: 512 };
    const asked = { workers: 3, threads: 7, workerConnections: 50 };
    const found = WORKER_CLASSES.map((workerClass) => concurrency(size, workerClass, asked));
    assert.deepEqual(
      found.map(({ workers, perWorker }) => [workers, perWorker]),
      [
        [3, 7],
        [3, 1],
        [3, 50],
        [3, 50],
      ],
    );
  });

  it("of gevent and uvicorn never exceeds what there are connections for, but is never nothing", () => {
    const most = fc.double({ min: 0, max: 2000, noNaN: true });
    const workers = fc.integer({ min: 1, max: 64 });
    fc.assert(
      fc.property(workers, most, fc.constantFrom("gevent", "uvicorn"), (asked, connections, workerClass) => {
        const found = concurrency({ cpu: 1, memoryMiB: 512 }, workerClass, { workers: asked }, connections);
        const { perWorker } = found;
        assert.ok(perWorker >= 1 && perWorker <= DEFAULT_CONNECTIONS);
        assert.ok(perWorker === 1 || asked * perWorker <= connections);
        assert.ok(perWorker === DEFAULT_CONNECTIONS || asked * (perWorker + 1) > connections);
      }),
    );
    const few = concurrency({ cpu: 1, memoryMiB: 512 }, "gthread", {}, 1);
    assert.equal(few.perWorker, 4); // the ladder tells that (infra/ladder.ts)
  });
});

describe("gunicornCommand", () => {
  const options = {
    module: "mysite.wsgi:application",
    workerClass: "gthread",
    workers: 2,
    perWorker: 4,
    maxRequests: 0,
    timeouts: { worker: 30, graceful: 35, keepAlive: 5 },
  } as const;

  it("binds a socket that only owner and group may use", () => {
    assert.deepEqual(gunicornCommand({ ...options, bind: { socket: "/run/gunicorn/gunicorn-1.sock" } }), [
      "gunicorn",
      ...["--bind", "unix:/run/gunicorn/gunicorn-1.sock", "--umask", "7"],
      ...["--worker-class", "wsgi_on_aws.workers.ThreadWorker", "--workers", "2", "--threads", "4"],
      ...["--timeout", "30", "--graceful-timeout", "35", "--keep-alive", "5"],
      ...["--worker-tmp-dir", "/dev/shm"],
      "mysite.wsgi:application",
    ]);
  });

  const valueOf = (command: readonly string[], option: string) =>
    command.includes(option) ? command[command.indexOf(option) + 1] : undefined;

  it("gives each class its own limit", () => {
    const found = WORKER_CLASSES.map((workerClass) => {
      const command = gunicornCommand({ ...options, workerClass, bind: { port: 8000 } });
      return ["--worker-class", "--threads", "--worker-connections"].map((option) => valueOf(command, option));
    });
    assert.deepEqual(found, [
      ["wsgi_on_aws.workers.ThreadWorker", "4", undefined],
      ["wsgi_on_aws.workers.SyncWorker", "4", undefined],
      ["gevent", undefined, "4"],
      ["wsgi_on_aws.uvicorn_worker.UvicornWorker", undefined, "4"],
    ]);
  });

  it("trusts whoever reaches the port; of a socket only uvicorn has to be told so", () => {
    const trusts = (bind: { port: number } | { socket: string }) =>
      WORKER_CLASSES.map((workerClass) =>
        valueOf(gunicornCommand({ ...options, workerClass, bind }), "--forwarded-allow-ips"),
      );
    assert.deepEqual(trusts({ port: 8000 }), ["*", "*", "*", "*"]);
    assert.deepEqual(trusts({ socket: "/run/gunicorn/gunicorn-1.sock" }), [undefined, undefined, undefined, "*"]);
  });

  it("replaces workers after maxRequests, not all at once", () => {
    const recycling = (maxRequests: number) => {
      const command = gunicornCommand({ ...options, maxRequests, bind: { port: 8000 } });
      return ["--max-requests", "--max-requests-jitter"].map((option) => valueOf(command, option));
    };
    assert.deepEqual([0, 1, 1005].map(recycling), [
      [undefined, undefined],
      ["1", "0"],
      ["1005", "100"],
    ]);
  });
});

describe("the ASGI module", () => {
  it("follows from a WSGI module of the usual name", () => {
    const modules = [
      "mysite.wsgi",
      "wsgi",
      "a.b.wsgi:application",
      "wsgi:create_app()",
      "app:wsgi",
      "mywsgi",
      "wsgi.app",
    ];
    assert.deepEqual(modules.map(asgiModuleBeside), [
      "mysite.asgi",
      "asgi",
      "a.b.asgi:application",
      "asgi:create_app()",
      undefined,
      undefined,
      undefined,
    ]);
  });
});
