/** Whatever a visitor claims in headers that only a proxy may send: nothing changes, for nobody. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { Behind } from "./behind.ts";
import { Door, passed, seen, statuses, viewOf, type Request, type View } from "./clients.ts";
import { EVIL, forgeries, rotating, type Forgery } from "./forgeries.ts";
import { ForgeryStack, type Logged } from "./stack.ts";

const LONGEST = { timeout: 300_000 };
const LOG_FLUSH_MS = 1500;

/** Who asks: the one from the office, the one who is shut out, the forger, and somebody who has done nothing. */
const [OFFICE, SHUT_OUT, FORGER, INNOCENT] = ["127.0.0.10", "127.0.0.20", "127.0.0.66", "127.0.0.30"] as const;
const BURST = 4;
const ROTATIONS = 20;
const PATHS = {
  "/office/": { allow: [OFFICE] },
  "/closed/": { deny: [SHUT_OUT] },
  "/limited/": { rateLimit: { rate: "6/m", burst: BURST } },
  "/cached/": { cache: "1h" },
  "/moved/": { redirect: "/there/" },
  "/tidy/": { trailingSlash: "append" },
};

interface Edge {
  readonly door: Door;
  /** How visitors reach the site, as the application shall see it. */
  readonly origin: string;
  readonly logged: () => Logged[];
  /** Network of clients that nobody has seen yet, for limits. */
  readonly fresh: string;
}
const EDGES = ["nginx itself", "through the load balancer", "past the load balancer"] as const;

let stack: ForgeryStack;
let behind: Behind;
let edges: Readonly<Record<(typeof EDGES)[number], Edge>>;

before(async () => {
  stack = await ForgeryStack.start("spoofing", { paths: PATHS });
  behind = new Behind(stack, { paths: PATHS });
  const plain = new Door(stack.container("nginx"), stack.image("gunicorn-1"), 8080);
  const logged = () => behind.logged();
  const origin = "https://localhost";
  edges = {
    "nginx itself": {
      door: plain,
      origin: `http://localhost:${stack.port}`,
      logged: () => stack.logged(),
      fresh: "127.1.0",
    },
    "through the load balancer": { door: behind.through, origin, logged, fresh: "127.2.0" },
    "past the load balancer": { door: behind.past, origin, logged, fresh: "127.3.0" },
  };
  for (const { door } of Object.values(edges)) await door.open();
}, LONGEST);
after(async () => {
  behind[Symbol.dispose]();
  await stack.remove();
}, LONGEST);

const requests = (client: string, target: string, all: readonly Forgery[], host = "localhost"): Request[] =>
  all.map(({ headers }) => ({ client, target, headers: [["Host", host], ...headers] }));
const HONEST: Forgery = { name: "nothing", headers: [] };
/** As the office, so that it would pay. */
const CLAIMS: readonly Forgery[] = [HONEST, ...forgeries(OFFICE)];
const EVERYTHING = CLAIMS.at(-1) ?? HONEST;

for (const where of EDGES) {
  describe(where, () => {
    let edge: Edge;
    before(() => {
      edge = edges[where];
    });

    test("the application and the log have the visitor as nginx saw them", async (t) => {
      const target = `/seen/${edge.fresh}/`;
      const answers = edge.door.ask(requests(FORGER, target, CLAIMS));
      const { secure, absolute, meta } = seen(answers[0]);
      assert.deepEqual([secure, absolute], [edge.origin.startsWith("https"), `${edge.origin}/there/`]);
      const { HTTP_X_FORWARDED_FOR: clients, HTTP_X_REAL_IP: client, REMOTE_ADDR: peer } = meta;
      assert.deepEqual({ clients, client, peer }, { clients: FORGER, client: FORGER, peer: "" });
      answers.forEach((answer, index) => {
        assert.deepEqual(seen(answer), seen(answers[0]), CLAIMS[index]?.name);
      });
      await sleep(LOG_FLUSH_MS);
      const lines = edge.logged().filter(({ uri }) => uri === target);
      assert.deepEqual(
        lines.map(({ id, client: logged }) => `${id} ${logged}`).sort(),
        answers.map((answer) => `${viewOf(answer).id} ${FORGER}`).sort(),
      );
      t.diagnostic(`${CLAIMS.length - 1} forgeries`);
    });

    test("a Host that is not the site's is refused, its port is ignored", () => {
      const hosts = [EVIL, `${EVIL}:80`, `localhost.${EVIL}`, `${EVIL}/localhost`, `localhost@${EVIL}`, "", " "];
      const claims = [HONEST, EVERYTHING];
      const refused = edge.door.ask(hosts.flatMap((host) => requests(FORGER, "/host/", claims, host)));
      assert.deepEqual(statuses(refused), [400]);
      const targets = [`http://${EVIL}/host/`, `https://${EVIL}:80/host/`, `http://localhost@${EVIL}/host/`];
      const absolute = edge.door.ask(targets.flatMap((target) => requests(FORGER, target, claims)));
      for (const answer of [...refused, ...absolute]) assert.ok(!JSON.stringify(answer).includes(EVIL));
      const kept = edge.door.ask([
        ...requests(FORGER, "/host/", claims, "localhost:666"),
        ...requests(FORGER, "http://localhost/host/", claims),
      ]);
      for (const answer of kept) assert.equal(seen(answer).absolute, `${edge.origin}/there/`);
    });

    test("a path for the office stays closed to others, and open to the office", () => {
      assert.deepEqual(statuses(edge.door.ask(requests(FORGER, "/office/", CLAIMS))), [403]);
      assert.deepEqual(statuses(edge.door.ask(requests(OFFICE, "/office/", [HONEST, ...forgeries(FORGER)]))), [200]);
    });

    test("who is shut out stays out, and nobody else can be shut out", () => {
      const [out, other] = [forgeries(INNOCENT), forgeries(SHUT_OUT)];
      assert.deepEqual(statuses(edge.door.ask(requests(SHUT_OUT, "/closed/", [HONEST, ...out]))), [403]);
      assert.deepEqual(statuses(edge.door.ask(requests(INNOCENT, "/closed/", [HONEST, ...other]))), [200]);
    });

    test("who claims another address each time is limited all the same, and nobody beside them", (t) => {
      rotating(ROTATIONS).forEach(({ name, claims }, index) => {
        const answers = edge.door.ask([
          ...requests(`${edge.fresh}.${index + 1}`, "/limited/", claims),
          ...requests(`${edge.fresh}.${index + 101}`, "/limited/", [HONEST, HONEST, HONEST]),
        ]);
        const [forged, innocent] = [answers.slice(0, ROTATIONS), answers.slice(ROTATIONS)];
        t.diagnostic(`${name}: ${passed(forged)} of ${ROTATIONS} passed; beside them ${passed(innocent)} of 3`);
        assert.deepEqual(statuses(forged), [200, 429], name);
        // One of its own and the burst, and one more where all this takes more than ten seconds.
        assert.ok([BURST + 1, BURST + 2].includes(passed(forged)), name);
        assert.equal(passed(innocent), 3, name);
      });
    });

    test("a redirect leads where it leads without", () => {
      const expected: Readonly<Record<string, readonly [status: number, location: string]>> = {
        "/redirect/": [302, `${edge.origin}/there/`],
        "/slash": [301, "/slash/"],
        "/tidy": [308, "/tidy/"],
        "/static": [301, "/static/"],
        "/moved/page": [308, "/there/"],
        "/tidy/page": [308, "/tidy/page/"],
        "/tidy//evil/page": [308, "/tidy/evil/page/"],
      };
      const asked = Object.keys(expected).flatMap((target) => requests(FORGER, target, CLAIMS));
      edge.door.ask(asked).forEach(({ status, headers }, index) => {
        assert.deepEqual([status, headers["location"]], expected[asked[index]?.target ?? ""]);
      });
    });

    test("a cached page holds nothing of what the one who asked first claimed", () => {
      const target = `/cached/${edge.fresh}/`;
      const [first, second] = edge.door.ask([
        ...requests(FORGER, target, [EVERYTHING]),
        ...requests(INNOCENT, target, [HONEST]),
      ]);
      assert.deepEqual([first?.headers["x-cache-status"], second?.headers["x-cache-status"]], ["MISS", "HIT"]);
      assert.equal((JSON.parse(second?.body ?? "") as View).absolute, `${edge.origin}/there/`);
      assert.doesNotMatch(second?.body ?? "", new RegExp(`evil|${OFFICE}|f{32}`));
    });
  });
}

test("the canonical name is where everybody is sent, whatever they claim", async () => {
  using site = new Behind(stack, { canonicalHost: "dev.example.com", paths: {} });
  await site.past.open();
  const hosts = [EVIL, "localhost", "127.0.0.1", `dev.example.com.${EVIL}`];
  const targets = [`//${EVIL}/`, `http://${EVIL}//${EVIL}/`, `/%2F${EVIL}/`, `http://${EVIL}?@${EVIL}`];
  for (const door of [site.through, site.past]) {
    const page = hosts.flatMap((host) => requests(FORGER, "/page/?a=b", CLAIMS, host));
    for (const { status, headers } of door.ask(page)) {
      assert.deepEqual([status, headers["location"]], [308, "https://dev.example.com/page/?a=b"]);
    }
    for (const { headers } of door.ask(targets.flatMap((target) => requests(FORGER, target, [HONEST], EVIL)))) {
      assert.match(headers["location"] ?? "", /^https:\/\/dev\.example\.com[/?]/);
    }
  }
});

test("all this can fail: an nginx that believes everybody is deceived", async () => {
  using naive = new Behind(stack, { paths: PATHS }, ["0.0.0.0/0"]);
  await naive.past.open();
  const claim: Forgery = { name: "office", headers: [["X-Forwarded-For", OFFICE]] };
  assert.deepEqual(statuses(naive.past.ask(requests(FORGER, "/office/", [HONEST, claim]))), [403, 200]);
  const [view] = naive.past.ask(requests(FORGER, "/seen/", [claim]));
  assert.equal(seen(view).meta["HTTP_X_REAL_IP"], OFFICE);
  const [rotation] = rotating(ROTATIONS);
  assert.equal(passed(naive.past.ask(requests(FORGER, "/limited/", rotation?.claims ?? []))), ROTATIONS);
});
