import type { Place } from "../record.ts";
import { CLUSTER, DEFINITION, SERVICE } from "../records/ecs.ts";
import type { Stored } from "../world.ts";
import { AwsError } from "./handler.ts";

/** Last part of an ARN, or a name as it is. */
export const nameIn = (arnOrName: unknown): string => String(arnOrName).split("/").at(-1) ?? "";

/** A cluster by name or ARN. */
export function clusterOf({ world }: Place, cluster: unknown = "default"): Stored {
  const found = world.all(CLUSTER).find(({ id }) => nameIn(id) === nameIn(cluster));
  if (!found) throw new AwsError("ClusterNotFoundException", "Cluster not found.");
  return found;
}

/** A service by name or ARN, in a cluster by name or ARN. */
export function findService({ world }: Place, cluster: unknown, service: unknown): Stored | undefined {
  return world
    .all(SERVICE)
    .find(({ id, properties }) => nameIn(id) === nameIn(service) && nameIn(properties["cluster"]) === nameIn(cluster));
}

/** A task definition by ARN, `family:revision`, or family, which stands for its newest revision. */
export function definitionOf({ world }: Place, name: unknown): Stored {
  const [family, revision] = nameIn(name).split(":");
  const [found] = world
    .all(DEFINITION)
    .filter(({ id }) => id === family)
    .filter(({ properties }) => revision === undefined || String(properties["revision"]) === revision)
    .sort((one, other) => Number(other.properties["revision"]) - Number(one.properties["revision"]));
  if (!found) throw new AwsError("ClientException", "Unable to describe task definition.");
  return found;
}
