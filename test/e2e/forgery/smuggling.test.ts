/** Request smuggling: what nginx and Gunicorn might take for different numbers of requests. Gunicorn's own log counts. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { until } from "../../nginx/http-client.ts";
import { get } from "./probes/probe.ts";
import { http1, http2, probeAll, type Probed, type Protocol } from "./protocols.ts";
import { sendRaw } from "./raw.ts";
import { ForgeryStack, type Logged, type Served } from "./stack.ts";
import { TlsNginx } from "./tls.ts";

const LONGEST = { timeout: 300_000 };
/** Each of nginx's workers writes its log once a second. */
const LOG_FLUSH_MS = 1500;

/** Paths that nginx proxies in different ways. */
const PATHS = {
  "/cached/": { cache: "1h" },
  "/unbuffered/": { uploadBuffering: false },
  "/streaming/": { streaming: true },
  "/streaming/unbuffered/": { uploadBuffering: false },
} as const;
/** Each probe is tried in all of them; below `deaf/` the application leaves the body unread. */
const PLACES = ["/plain/", ...Object.keys(PATHS), "/deaf/", "/unbuffered/deaf/", "/streaming/unbuffered/deaf/"];

let stack: ForgeryStack;
let tls: TlsNginx;

const PROTOCOLS: Readonly<Record<string, () => Protocol>> = {
  "HTTP/1": () => http1(stack),
  "HTTP/2": () => http2(tls),
};

before(async () => {
  stack = await ForgeryStack.start("smuggling", { paths: PATHS });
  tls = new TlsNginx(stack, { paths: PATHS });
  await until(
    () => http2(tls).get("/healthz"),
    ({ statuses }) => statuses.join() === "200",
  );
}, LONGEST);
after(async () => {
  tls[Symbol.dispose]();
  await stack.remove();
}, LONGEST);

const asked = (path: string, lines: readonly Served[]) =>
  lines.filter(({ line }) => line.split(" ")[1] === path).length;
const names = (found: readonly Probed[]) => found.map(({ name }) => name);

for (const [name, protocol] of Object.entries(PROTOCOLS)) {
  describe(`each probe over ${name}`, () => {
    let how: Protocol;
    let probed: readonly Probed[];
    let served: readonly Served[];
    let logged: readonly Logged[];

    before(async () => {
      how = protocol();
      const earlier = new Set(stack.served().map(({ id }) => id));
      probed = (await Promise.all(PLACES.map((place) => probeAll(how, place)))).flat();
      await sleep(LOG_FLUSH_MS);
      [served, logged] = [stack.served().filter(({ id }) => !earlier.has(id)), how.logged()];
    }, LONGEST);

    test("has one answer at most, and that which the table says", (t) => {
      t.diagnostic(`${how.probes.length} probes in ${PLACES.length} places`);
      assert.equal(new Set(names(probed)).size, probed.length);
      const wrong = probed.filter(
        ({ answer, statuses }) => statuses.length > 1 || (answer !== undefined && statuses[0] !== answer),
      );
      assert.deepEqual(
        wrong.map(({ name: which, answer, statuses }) => `${which}: ${statuses.join(" and ")}, not ${String(answer)}`),
        [],
      );
    });

    test("is one request for Gunicorn where it is answered, and at most one where it is not", () => {
      const wrong = probed.filter(({ target, answer }) => {
        const count = asked(target.path, served);
        return count > 1 || (answer === 200 && count === 0);
      });
      assert.deepEqual(names(wrong), []);
    });

    test("hides nothing that nginx or Gunicorn takes for a request", () => {
      const found = probed.filter(
        ({ target: { hidden } }) => asked(hidden, served) > 0 || logged.some(({ uri }) => uri === hidden),
      );
      assert.deepEqual(names(found), []);
    });

    test("leaves the next visitor their own answer", () => {
      assert.deepEqual(names(probed.filter(({ innocent }) => !innocent)), []);
    });

    test("leaves Gunicorn's log without a request that is not nginx's, and without one that came twice", (t) => {
      const known = new Set(logged.map(({ id }) => id));
      t.diagnostic(`nginx logged ${logged.length} requests, Gunicorn ${served.length}`);
      assert.deepEqual(
        served.filter(({ id }) => !known.has(id)),
        [],
      );
      assert.equal(new Set(served.map(({ id }) => id)).size, served.length);
    });
  });
}

describe("the counting can fail", () => {
  const target = { path: "/control/", hidden: "/control/hidden/" };
  const two = get(target.path) + get(target.hidden, "Connection: close");

  test("two requests in a row are counted as two", async () => {
    assert.deepEqual((await sendRaw(stack.port, two)).statuses, [200, 200]);
    const served = stack.served();
    assert.deepEqual([asked(target.path, served), asked(target.hidden, served)], [1, 1]);
  });

  test("a request that reaches Gunicorn on another's connection is counted, and has no id of nginx's", () => {
    const script = `import socket, sys
gunicorn = socket.socket(socket.AF_UNIX)
gunicorn.connect("/run/gunicorn/gunicorn-1.sock")
gunicorn.sendall(sys.argv[1].encode())
while gunicorn.recv(65536): pass`;
    stack.run("gunicorn-1", "python", "-c", script, two);
    const past = stack.served().filter(({ id }) => id === "-");
    assert.deepEqual(
      past.map(({ line }) => line),
      [`GET ${target.path} HTTP/1.1`, `GET ${target.hidden} HTTP/1.1`],
    );
  });
});
