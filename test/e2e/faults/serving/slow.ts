import assert from "node:assert/strict";
import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { figures, Load, type Measured } from "./load.ts";
import type { Site } from "./site.ts";
import type { Fared, Part } from "./slow-clients.ts";

const PROGRAM = join(import.meta.dirname, "slow-clients.ts");
const WINDOW_MS = 1500;
/**
 * Below it the others are shut out: Gunicorn alone falls to 0.00. Not a measure of speed, for all share the machine:
 * `npm run bench` has that.
 */
const LEAST_RATIO = 0.1;
/** nginx's client_header_timeout of 10 s, and how far off a busy machine may see it. */
const HEAD_SECONDS = [8, 13] as const;

/**
 * Visitors who send four bytes a second, beside four who are in a hurry. nginx cuts off a head that takes too long; a body
 * only where nothing comes for a while, so that one is never cut here. It waits in nginx, and no Gunicorn knows of it.
 */
export function slowClients(site: () => Site): void {
  const hurried = (): Promise<Measured> => {
    const visitors = { clients: 4, request: () => ({ method: "GET", path: "/quick/" }) as const };
    return Load.during(site().port, [visitors], () => sleep(WINDOW_MS));
  };

  /** @param seconds how long the attack goes on */
  async function attacked(clients: number, part: Part, seconds: number): Promise<readonly [Measured, Fared]> {
    const attack = fork(PROGRAM, [String(site().port), String(clients), part]);
    try {
      const ended = sleep(seconds * 1000);
      await sleep(1000); // until all are connected
      const measured = await hurried();
      await ended;
      attack.send("end");
      const [fared] = (await once(attack, "message", { signal: AbortSignal.timeout(10_000) })) as [Fared];
      return [measured, fared];
    } finally {
      attack.kill();
    }
  }

  for (const { part, clients, seconds } of [
    { part: "head", clients: 200, seconds: 4 },
    { part: "body", clients: 200, seconds: 4 },
    { part: "head", clients: 1500, seconds: 14 },
    { part: "body", clients: 1500, seconds: 4 },
  ] as const) {
    test(`${clients} visitors drip the ${part} of a request: no request of the others fails`, async (t) => {
      const alone = await hurried();
      const [beside, { connected, cut }] = await attacked(clients, part, seconds);
      const ratio = beside.sent / beside.seconds / (alone.sent / alone.seconds);
      t.diagnostic(`alone: ${figures(alone)}`);
      t.diagnostic(`beside ${connected} slow ones, ${ratio.toFixed(2)} of it: ${figures(beside)}`);
      assert.deepEqual([alone.failed, beside.failed], [[], []]);
      assert.equal(connected, clients);
      assert.ok(ratio > LEAST_RATIO, `${ratio.toFixed(2)} of the throughput alone`);
      if (part === "head" && seconds > HEAD_SECONDS[1]) {
        const [least, most] = [Math.min(...cut), Math.max(...cut)];
        t.diagnostic(`${cut.length} cut off, after ${least.toFixed(1)} to ${most.toFixed(1)} s`);
        assert.equal(cut.length, clients);
        assert.ok(least > HEAD_SECONDS[0] && most < HEAD_SECONDS[1], `after ${least} to ${most} s`);
      }
    });
  }
}
