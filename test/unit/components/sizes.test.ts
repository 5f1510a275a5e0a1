import assert from "node:assert/strict";
import { test } from "node:test";
import { maxConnections } from "../../../components/database/database-class.ts";
import { fargateMemory } from "../../../components/host/fargate.ts";
import { taskSize } from "../../../components/host/task-size.ts";

test("Fargate's sizes are those of AWS's table", () => {
  const rows = [0.25, 0.5, 1, 2, 4, 8, 16].map((cpu) => {
    const sizes = fargateMemory(cpu);
    return [cpu, sizes.length, sizes[0], sizes[1], sizes.at(-1)];
  });
  assert.deepEqual(rows, [
    [0.25, 3, 512, 1024, 2048],
    [0.5, 4, 1024, 2048, 4096],
    [1, 7, 2048, 3072, 8192],
    [2, 13, 4096, 5120, 16_384],
    [4, 23, 8192, 9216, 30_720],
    [8, 12, 16_384, 20_480, 61_440],
    [16, 12, 32_768, 40_960, 122_880],
  ]);
  assert.deepEqual(fargateMemory(3), []);
});

test("a task is divided without rest", () => {
  for (const cpu of [0.25, 0.5, 1, 2, 4, 8, 16]) {
    for (const memory of fargateMemory(cpu)) {
      const size = taskSize(cpu, memory);
      assert.equal(size.nginx.cpu + size.gunicorn.cpu, size.cpu);
      assert.equal(size.nginx.memoryMiB + size.gunicorn.memoryMiB, memory);
      assert.ok(Number.isInteger(size.nginx.cpu) && size.nginx.cpu >= 2);
    }
  }
  assert.deepEqual(taskSize(0.25, 512).gunicorn, { cpu: 224, memoryMiB: 384 });
});

test("connections of a database follow from its memory", () => {
  const table = {
    "db.t4g.micro": 78,
    "db.t4g.small": 157,
    "db.t4g.medium": 315,
    "db.m7g.large": 630,
    "db.m7g.xlarge": 1261,
    "db.r6g.large": 1261,
    "db.r6g.2xlarge": 5000,
    "db.x2g.16xlarge": 5000,
  };
  for (const [name, most] of Object.entries(table)) assert.equal(maxConnections(name), most, name);
  for (const unknown of ["db.z9.large", "db.t4g.nano", "micro"])
    assert.equal(maxConnections(unknown), undefined, unknown);
});
