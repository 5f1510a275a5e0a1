import { isIPv4 } from "node:net";
import type { Cidr } from "../nginx/index.ts";
import { UserError } from "../shared/user-error.ts";

/** Networks of a VPC, one of each kind for each zone. */
export interface Subnets {
  /** For load balancers, NAT gateways and, with `egress: public-ip`, tasks: an eighth of a quarter each. */
  readonly public: readonly Cidr[];
  /** For tasks and databases: a quarter each, less the public ones in the last quarter. */
  readonly private: readonly Cidr[];
}

/** AWS takes VPCs from /16 to /28, and subnets down to /28; a VPC is split into parts up to 32 times smaller here. */
const LARGEST = 16;
const SMALLEST = 23;
const QUARTER = 2;
const THIRTY_SECOND = 5;

/**
 * Splits a VPC's addresses. A zone's networks do not depend on how many zones there are, so that a third one moves nothing:
 * private networks are the first three quarters, public ones the first three 32nds of the last quarter.
 * @param zones 2 or 3
 * @throws UserError when AWS would refuse the network, or it is too small
 */
export function splitVpc(cidr: string, zones: number): Subnets {
  const [base, prefix] = parse(cidr);
  if (zones < 2 || zones > 3) {
    // The last quarter is for public networks; load balancers and databases refuse to stand in one zone.
    throw new UserError([{ where: "zones", what: `${zones} is not 2 or 3.`, remedy: "Write 2 or 3." }]);
  }
  const part = (bits: number, index: number): Cidr =>
    `${dotted(base + index * 2 ** (32 - prefix - bits))}/${prefix + bits}` as Cidr;
  const each = Array.from({ length: zones }, (_, zone) => zone);
  const lastQuarter = 3 * 2 ** (THIRTY_SECOND - QUARTER);
  return {
    public: each.map((zone) => part(THIRTY_SECOND, lastQuarter + zone)),
    private: each.map((zone) => part(QUARTER, zone)),
  };
}

function parse(cidr: string): [base: number, prefix: number] {
  const refuse = (what: string) =>
    new UserError([
      { where: "cidr", what: `"${cidr}" ${what}`, remedy: 'Write a private network such as "10.0.0.0/16".' },
    ]);
  const [, address = "", digits = ""] = /^([\d.]+)\/(\d{1,2})$/.exec(cidr) ?? [];
  if (!isIPv4(address)) throw refuse("is not a network.");
  const prefix = Number(digits);
  if (prefix < LARGEST || prefix > SMALLEST) throw refuse(`is not between /${LARGEST} and /${SMALLEST}.`);
  const bytes = address.split(".").map(Number);
  const base = bytes.reduce((sum, byte) => sum * 256 + byte, 0);
  if (base % 2 ** (32 - prefix) !== 0) throw refuse("is not the first address of its network.");
  return [base, prefix];
}

const dotted = (address: number): string =>
  [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join(".");
