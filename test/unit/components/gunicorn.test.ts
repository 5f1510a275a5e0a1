import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { gunicornCommand } from "../../../components/gunicorn/command.ts";
import { ASSUMED_WORKER_MIB, concurrency } from "../../../components/gunicorn/sizing.ts";

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
      assert.deepEqual(concurrency({ cpu, memoryMiB }, "sync"), { workers: sync, threads: 1 });
      assert.deepEqual(concurrency({ cpu, memoryMiB }, "gthread"), { workers: gthread, threads: 4 });
    });
  }

  it("leaves a fifth of the memory free, and always has one worker", () => {
    const sizes = fc.record({
      cpu: fc.double({ min: 0.25, max: 16, noNaN: true }),
      memoryMiB: fc.integer({ min: 128, max: 65536 }),
    });
    fc.assert(
      fc.property(sizes, fc.constantFrom("sync" as const, "gthread" as const), (size, workerClass) => {
        const { workers } = concurrency(size, workerClass);
        assert.ok(workers >= 1);
        assert.ok(workers === 1 || workers * ASSUMED_WORKER_MIB <= 0.8 * size.memoryMiB);
      }),
    );
  });
});

describe("gunicornCommand", () => {
  const options = {
    wsgiModule: "mysite.wsgi:application",
    workerClass: "gthread",
    workers: 2,
    threads: 4,
    timeouts: { worker: 30, graceful: 35, keepAlive: 5 },
  } as const;

  it("binds a socket that only owner and group may use", () => {
    assert.deepEqual(gunicornCommand({ ...options, bind: { socket: "/run/gunicorn/gunicorn-1.sock" } }), [
      "gunicorn",
      ...["--bind", "unix:/run/gunicorn/gunicorn-1.sock", "--umask", "7"],
      ...["--worker-class", "gthread", "--workers", "2", "--threads", "4"],
      ...["--timeout", "30", "--graceful-timeout", "35", "--keep-alive", "5"],
      ...["--worker-tmp-dir", "/dev/shm"],
      "mysite.wsgi:application",
    ]);
  });

  it("has no threads with sync workers", () => {
    const command = gunicornCommand({ ...options, workerClass: "sync", threads: 1, bind: { port: 8000 } });
    assert.equal(command.includes("--threads"), false);
    assert.deepEqual(command.slice(1, 5), ["--bind", "0.0.0.0:8000", "--forwarded-allow-ips", "*"]);
  });
});
