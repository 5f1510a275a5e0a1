/** What happens to visitors when parts fail, or are replaced, while they come: one real stack, brought back after each case. */
import assert from "node:assert/strict";
import { after, afterEach, before, describe } from "node:test";
import { backendDown } from "./serving/backend.ts";
import { fullDisk } from "./serving/disk.ts";
import { hanging } from "./serving/hanging.ts";
import { kills } from "./serving/kills.ts";
import { MAX_REQUESTS, releases } from "./serving/releases.ts";
import { Site } from "./serving/site.ts";
import { slowClients } from "./serving/slow.ts";

const LONGEST = { timeout: 300_000 };

let site: Site;

before(async () => {
  site = await Site.make();
  const { code, output } = await site.start({ maxRequests: MAX_REQUESTS });
  assert.equal(code, 0, output);
}, LONGEST);
after(() => site.checkout.remove(), LONGEST);
afterEach(() => site.restore());

describe("replaced on purpose:", LONGEST, () => {
  releases(() => site);
});
describe("killed:", LONGEST, () => {
  kills(() => site);
});
describe("slow visitors:", LONGEST, () => {
  slowClients(() => site);
});
describe("the application hangs:", LONGEST, () => {
  hanging(() => site);
});
describe("a full disk:", LONGEST, () => {
  fullDisk(() => site);
});
describe("the application is down:", LONGEST, () => {
  backendDown(() => site);
});
