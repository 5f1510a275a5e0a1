/** Each ability over HTTP, with the real nginx, Gunicorn and Django; and what it does not work without. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { SERVED } from "./features.ts";
import { Lab } from "./lab.ts";

const LONGEST = { timeout: 300_000 };

let lab: Lab;
before(async () => {
  lab = await Lab.start();
}, LONGEST);
after(() => lab.remove(), LONGEST);

for (const { feature, set, check, mutations } of SERVED) {
  describe(feature, () => {
    test("works", async () => {
      await lab.install(lab.text(set(lab)));
      await check(lab);
    });
    for (const mutation of mutations) {
      const [line, becomes] = mutation;
      test(`not without ${line.source}${becomes === undefined ? "" : ` (instead: ${becomes})`}`, async () => {
        await lab.install(lab.text(set(lab), mutation));
        // An answer that is not as it should be: a connection or a command that failed says nothing about this line.
        await assert.rejects(async () => check(lab), assert.AssertionError);
      });
    }
  });
}
