import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { Firewall } from "../../../components/network/firewall.ts";
import { made, ofType, valueOf, type Made } from "./mocks.ts";

interface Choice {
  readonly database?: boolean;
  readonly egressPorts?: Readonly<Record<string, number>>;
}

const firewall = ({ database = true, egressPorts = {} }: Choice = {}) =>
  made(() => new Firewall("firewall", { vpcId: "vpc-1", port: 8080, database, egressPorts }));

const GROUP = /securityGroup:SecurityGroup$/;
const INGRESS = /securityGroupIngressRule:/;
const EGRESS = /securityGroupEgressRule:/;

const END: Readonly<Record<string, string>> = {
  "0.0.0.0/0": "anywhere",
  "firewall-edge-id": "edge",
  "firewall-task-id": "task",
  "firewall-database-id": "database",
};

/** Each rule as `<from> > <to>:<ports>`. */
function opened(of: Made<unknown>, type: RegExp): string[] {
  return Object.values(ofType(of, type))
    .map(({ inputs: { description, ipProtocol, fromPort, toPort, securityGroupId, ...source }, name }) => {
      assert.match(String(description), /^[a-zA-Z0-9 ._\-:/()#,@[\]+=&;{}!$*]{1,255}$/, name);
      assert.equal(ipProtocol, "tcp", name);
      assert.equal(fromPort, toPort, name);
      const [[kind, other] = ["", ""], ...more] = Object.entries(source);
      assert.match(kind, /^(cidrIpv4|referencedSecurityGroupId)$/);
      assert.deepEqual(more, []);
      const [self, peer] = [END[String(securityGroupId)] ?? "?", END[String(other)] ?? "?"];
      return type === INGRESS ? `${peer} > ${self}:${String(fromPort)}` : `${self} > ${peer}:${String(fromPort)}`;
    })
    .sort();
}

describe("who may speak to whom", () => {
  const IN = ["anywhere > edge:443", "anywhere > edge:80", "edge > task:8080"];
  const OUT = ["edge > task:8080", "task > anywhere:443"];

  test("with a database of the stack's own", async () => {
    const of = await firewall();
    assert.deepEqual(opened(of, INGRESS), [...IN, "task > database:5432"]);
    assert.deepEqual(opened(of, EGRESS), [...OUT, "task > database:5432"]);
    assert.equal(await valueOf(of.result.databaseGroupId ?? of.result.taskGroupId), "firewall-database-id");
  });

  test("without one there is no group for it, and no way to it", async () => {
    const of = await firewall({ database: false });
    assert.deepEqual(opened(of, INGRESS), IN);
    assert.deepEqual(opened(of, EGRESS), OUT);
    assert.deepEqual(Object.keys(ofType(of, GROUP)), ["firewall-edge", "firewall-task"]);
    assert.equal(of.result.databaseGroupId, undefined);
  });

  test("further ports are ways out of tasks, each named after its reason", async () => {
    const of = await firewall({ egressPorts: { smtp: 587, redis: 6380 } });
    assert.deepEqual(opened(of, INGRESS), [...IN, "task > database:5432"]);
    assert.deepEqual(
      Object.values(ofType(of, EGRESS)).map(({ name, inputs }) => [name, inputs["fromPort"], inputs["description"]]),
      [
        ["firewall-nginx-out", 8080, "Load balancer to nginx"],
        ["firewall-postgres-out", 5432, "Tasks to the database"],
        ["firewall-to-https", 443, "Tasks to the internet: https"],
        ["firewall-to-redis", 6380, "Tasks to the internet: redis"],
        ["firewall-to-smtp", 587, "Tasks to the internet: smtp"],
      ],
    );
  });

  test("whatever the ports: the world comes in at 80 and 443 of the load balancer only, and the database sends nothing", async () => {
    const names = fc.stringMatching(/^[a-z][a-z0-9-]{0,31}$/).filter((name) => name !== "https");
    const ports = fc.dictionary(names, fc.integer({ min: 1, max: 65_535 }), { maxKeys: 5 });
    await fc.assert(
      fc.asyncProperty(ports, fc.boolean(), async (egressPorts, database) => {
        const of = await firewall({ egressPorts, database });
        assert.deepEqual(opened(of, INGRESS), database ? [...IN, "task > database:5432"] : IN);
        const out = opened(of, EGRESS);
        assert.equal(out.length, 2 + Object.keys(egressPorts).length + Number(database));
        assert.deepEqual(
          out.filter((way) => way.startsWith("database")),
          [],
        );
        assert.deepEqual(
          out.filter((way) => way.startsWith("edge")),
          ["edge > task:8080"],
        );
      }),
      { numRuns: 50 },
    );
  });
});

test("groups are described, and hold no rule themselves: two owners of one rule undo each other's", async () => {
  const groups = Object.values(ofType(await firewall(), GROUP));
  assert.deepEqual(
    groups.map(({ inputs }) => inputs),
    [
      ["database", "Database: reached by tasks only"],
      ["edge", "Load balancer: the public door of the site"],
      ["task", "Tasks: nginx and the application"],
    ].map(([part = "", description]) => ({ vpcId: "vpc-1", description, tags: { Name: `shop-test-${part}` } })),
  );
});

test("whoever waits for `rules` waits for each of them", async () => {
  const of = await firewall({ egressPorts: { smtp: 587 } });
  const urns = await Promise.all(of.result.rules.map(({ urn }) => valueOf(urn)));
  assert.deepEqual(urns.map((urn) => urn.split("::").at(-1)).sort(), Object.keys(ofType(of, /^aws:vpc\//)).sort());
});
