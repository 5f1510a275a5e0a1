import { readFileSync } from "node:fs";
import type { Place, Seed } from "./record.ts";
import { World } from "./world.ts";

/** The account of the in-memory AWS. */
export const ACCOUNT = "123456789012";

export function placeFromEnvironment(): Place {
  const {
    AWS_REGION: region,
    WSGI_ON_AWS_WORLD: folder,
    WSGI_ON_AWS_REGISTRY: registry,
    WSGI_ON_AWS_SEED: seed,
  } = process.env;
  if (!region || !folder || !registry) {
    throw new Error("the in-memory AWS needs AWS_REGION, WSGI_ON_AWS_WORLD and WSGI_ON_AWS_REGISTRY");
  }
  return {
    account: ACCOUNT,
    region,
    registry,
    world: new World(folder),
    seed: seed ? (JSON.parse(readFileSync(seed, "utf8")) as Seed) : {},
  };
}
