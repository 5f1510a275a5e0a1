import { hex } from "./ids.ts";
import type { Place } from "./record.ts";
import { text } from "./record.ts";
import type { Properties } from "./world.ts";

/** Names of the region's availability zones. */
export const zonesOf = ({ region, seed }: Place): string[] =>
  ["a", "b", "c", "d", "e", "f"].slice(0, seed.zoneCount ?? 3).map((letter) => region + letter);

/** Data functions that the program asks, by token. */
export const FUNCTIONS: Readonly<Record<string, (args: Properties, place: Place) => Properties>> = {
  "aws:index/getAvailabilityZones:getAvailabilityZones": (_, place) => ({
    id: place.region,
    names: zonesOf(place),
    zoneIds: zonesOf(place).map((_zone, index) => `az${index + 1}`),
  }),
  "aws:index/getCallerIdentity:getCallerIdentity": (_, { account }) => ({
    id: account,
    accountId: account,
    arn: `arn:aws:iam::${account}:user/test`,
    userId: "AIDATEST",
  }),
  "aws:route53/getZone:getZone": (args, { seed }) => {
    const name = text(args, "name")?.replace(/\.$/, "");
    const found = (seed.zones ?? []).find((zone) => zone.zoneId === args["zoneId"] || zone.name === name);
    if (found === undefined) throw new Error("no matching Route 53 Hosted Zone found");
    return { id: found.zoneId, zoneId: found.zoneId, name: found.name, privateZone: false };
  },
  "aws:ecr/getAuthorizationToken:getAuthorizationToken": (_, { registry, region }) => {
    const password = hex(32);
    return {
      id: region,
      userName: "AWS",
      password,
      proxyEndpoint: `http://${registry}`,
      authorizationToken: Buffer.from(`AWS:${password}`).toString("base64"),
      expiresAt: new Date(Date.now() + 12 * 3600 * 1000).toISOString(),
    };
  },
};
