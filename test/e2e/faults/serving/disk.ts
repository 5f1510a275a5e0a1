import assert from "node:assert/strict";
import { test } from "node:test";
import type { Request } from "./connection.ts";
import { shell } from "./inside.ts";
import { STYLE, type Site } from "./site.ts";

const BOUNDARY = "faults";
const SMALL_BYTES = 1000;
/** More than nginx keeps of a body in memory (64k), less than Django does (2.5 MB). */
const MIDDLE_BYTES = 2 ** 20;
/** More than Django keeps in memory. */
const LARGE_BYTES = 5 * 2 ** 20;

function upload(bytes: number): Request {
  const head = `--${BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="file"\r\n\r\n`;
  const body = Buffer.concat([Buffer.from(head), Buffer.alloc(bytes), Buffer.from(`\r\n--${BOUNDARY}--\r\n`)]);
  return { method: "POST", path: "/upload/", body, type: `multipart/form-data; boundary=${BOUNDARY}` };
}

/** Writes to /tmp until nothing more goes into it. */
async function fill(container: string): Promise<void> {
  const free = await shell(
    container,
    "dd if=/dev/zero of=/tmp/full bs=1M 2>/dev/null || true; df --output=avail /tmp | tail -n 1",
  );
  assert.equal(free.trim(), "0");
}

/** What is kept in /tmp, which is memory of a fixed size, has no room. */
export function fullDisk(site: () => Site): void {
  const statuses = (...requests: readonly (string | Request)[]) =>
    Promise.all(requests.map(async (request) => (await site().ask(request)).status));
  const everythingWorks = async () => {
    assert.deepEqual(await statuses("/page/", "/cached/new/", STYLE, upload(MIDDLE_BYTES), upload(LARGE_BYTES)), [
      ...[200, 200, 200, 200, 200],
    ]);
  };

  test("/tmp of nginx is full: pages, cached or to be cached, and files go on; an upload is a 500", async (t) => {
    const nginx = site().container("nginx");
    await site().ask("/cached/kept/");
    await fill(nginx);
    try {
      const uploaded = await site().ask(upload(MIDDLE_BYTES));
      t.diagnostic(`an upload of ${MIDDLE_BYTES} bytes: ${uploaded.status} in ${uploaded.seconds} s`);
      assert.equal(uploaded.status, 500);
      assert.deepEqual(await statuses("/cached/kept/", "/cached/never-kept/", "/page/", STYLE, upload(SMALL_BYTES)), [
        ...[200, 200, 200, 200, 200],
      ]);
    } finally {
      await shell(nginx, "rm /tmp/full");
    }
    await everythingWorks();
  });

  test("/tmp of every Gunicorn is full: only an upload that Django puts there is a 500", async (t) => {
    await Promise.all(site().gunicorns.map(fill));
    try {
      const uploaded = await site().ask(upload(LARGE_BYTES));
      t.diagnostic(`an upload of ${LARGE_BYTES} bytes: ${uploaded.status} in ${uploaded.seconds} s`);
      assert.equal(uploaded.status, 500);
      assert.deepEqual(await statuses("/page/", "/cached/kept/", STYLE, upload(MIDDLE_BYTES)), [200, 200, 200, 200]);
    } finally {
      await Promise.all(site().gunicorns.map((gunicorn) => shell(gunicorn, "rm /tmp/full")));
    }
    await everythingWorks();
  });
}
