import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { docker } from "./inside.ts";
import { STYLE, type Site } from "./site.ts";

const AT_ONCE_SECONDS = 0.5;
/** Longer than the path's `cache`. */
const STALE_MS = 1200;

/** A page that no other case asks for: it is rendered here. */
const KEPT = "/cached/last/";

/** Nobody is behind nginx. */
export function backendDown(site: () => Site): void {
  /** A page that is too old comes once more, and is rendered anew behind it. */
  const renewed = async (old: string) => {
    for (let wait = 0; (await site().ask(KEPT)).body === old; wait++) {
      assert.ok(wait < 50, "the page is never rendered anew");
      await sleep(100);
    }
  };

  test("all Gunicorns are stopped: a kept page comes stale, any other is a 502 at once, files go on", async (t) => {
    const kept = await site().ask(KEPT);
    await docker("stop", ...site().gunicorns);
    await sleep(STALE_MS);
    const asked = {
      kept: await site().ask(KEPT),
      unseen: await site().ask("/cached/unseen/"),
      page: await site().ask("/page/"),
      write: await site().ask({ method: "POST", path: "/write/1/" }),
      file: await site().ask(STYLE),
      health: await site().ask("/healthz"),
    };
    await site().restore();

    const answers = Object.entries(asked);
    t.diagnostic(answers.map(([what, { status, seconds }]) => `${what} ${status} in ${seconds} s`).join(", "));
    assert.deepEqual(
      answers.map(([, { status }]) => status),
      [200, 502, 502, 502, 200, 200],
    );
    assert.equal(asked.kept.body, kept.body);
    assert.match(asked.kept.head, /^X-Cache-Status: STALE\r?$/m);
    assert.ok(Math.max(...answers.map(([, { seconds }]) => seconds)) < AT_ONCE_SECONDS);
    assert.equal((await site().ask("/page/")).status, 200);
    await renewed(kept.body);
  });
}
