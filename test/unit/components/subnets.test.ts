import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { splitVpc } from "../../../components/network/subnets.ts";
import { UserError } from "../../../components/shared/user-error.ts";

/** First and last address of a network. */
function range(cidr: string): [first: number, last: number] {
  const [address = "", prefix = ""] = cidr.split("/");
  const first = address.split(".").reduce((sum, byte) => sum * 256 + Number(byte), 0);
  return [first, first + 2 ** (32 - Number(prefix)) - 1];
}

test("a /16 has four quarters: three for private networks, the last for public ones", () => {
  assert.deepEqual(splitVpc("10.0.0.0/16", 3), {
    private: ["10.0.0.0/18", "10.0.64.0/18", "10.0.128.0/18"],
    public: ["10.0.192.0/21", "10.0.200.0/21", "10.0.208.0/21"],
  });
  assert.deepEqual(splitVpc("172.31.240.0/20", 2), {
    private: ["172.31.240.0/22", "172.31.244.0/22"],
    public: ["172.31.252.0/25", "172.31.252.128/25"],
  });
});

const networks = fc
  .tuple(fc.integer({ min: 16, max: 23 }), fc.integer({ min: 0, max: 2 ** 32 - 1 }))
  .map(([prefix, address]) => {
    const base = address - (address % 2 ** (32 - prefix));
    return `${[24, 16, 8, 0].map((shift) => Math.floor(base / 2 ** shift) % 256).join(".")}/${prefix}`;
  });

test("whatever the network: inside it, apart from one another, large enough for AWS, and unmoved by a third zone", () => {
  fc.assert(
    fc.property(networks, (cidr) => {
      const [first, last] = range(cidr);
      const three = splitVpc(cidr, 3);
      const all = [...three.public, ...three.private];
      const ranges = all.map(range).sort(([one], [other]) => one - other);
      for (const [index, [from, to]] of ranges.entries()) {
        assert.ok(from >= first && to <= last, `${all.join()} in ${cidr}`);
        assert.ok(index === 0 || from > (ranges[index - 1]?.[1] ?? 0), `${all.join()} overlap`);
        assert.ok(to - from + 1 >= 16 && from % (to - from + 1) === 0);
      }
      const two = splitVpc(cidr, 2);
      assert.deepEqual([two.public, two.private], [three.public.slice(0, 2), three.private.slice(0, 2)]);
    }),
  );
});

test("the sizes that AWS and the split take are the last that pass", () => {
  for (const cidr of ["10.0.0.0/16", "10.0.0.0/23"]) assert.equal(splitVpc(cidr, 3).public.length, 3);
  for (const [cidr, what] of [
    ["10.0.0.0/15", "is not between /16 and /23."],
    ["10.0.0.0/24", "is not between /16 and /23."],
    ["10.0.0.5/16", "is not the first address of its network."],
    ["10.0.0.256/16", "is not a network."],
    ["010.0.0.0/16", "is not a network."],
    ["10.0.0.0/16/", "is not a network."],
    ["10.0.0.0", "is not a network."],
  ] as const) {
    assert.throws(
      () => splitVpc(cidr, 2),
      (error) => error instanceof UserError && error.message.includes(`"${cidr}" ${what}`),
      cidr,
    );
  }
});

test("two zones or three: one is too few for a database, and a fourth has no networks left", () => {
  for (const zones of [1, 4]) {
    assert.throws(() => splitVpc("10.0.0.0/16", zones), {
      name: "UserError",
      message: `zones: ${zones} is not 2 or 3. Write 2 or 3.`,
    });
  }
});
