import type { Place } from "../record.ts";
import type { Properties, Stored } from "../world.ts";
import { AwsError, type Faults, type Handler, type Input } from "./handler.ts";
import { clusterOf, definitionOf, findService, nameIn } from "./lookup.ts";
import type { Rollouts } from "./rollout.ts";
import {
  briefDeployment,
  describedDeployment,
  describedInactive,
  describedService,
  serviceDeploymentArn,
} from "./service-view.ts";

const MOST_SERVICES = 10;

/** Services of ECS and their deployments. */
export function services(place: Place, rollouts: Rollouts, faults: Faults): Handler {
  /** Deleted by somebody else, by ARN. */
  const inactive = new Map<string, Stored>();

  const described = (service: Stored) =>
    describedService(service, rollouts.attempts(service)[0], rollouts.events(service));
  const find = (cluster: unknown, service: unknown): Stored | undefined => {
    const found = findService(place, cluster, service);
    if (!found || !faults.deleted) return found;
    faults.deleted = false;
    inactive.set(found.id, found);
    rollouts.forget(found);
    return undefined;
  };
  const gone = (cluster: unknown, service: unknown): Stored | undefined =>
    [...inactive.values()].find(
      ({ id, properties }) => nameIn(id) === nameIn(service) && nameIn(properties["cluster"]) === nameIn(cluster),
    );
  const active = ({ cluster, service }: Input): Stored => {
    clusterOf(place, cluster);
    const found = find(cluster, service);
    if (found) return found;
    throw gone(cluster, service)
      ? new AwsError("ServiceNotActiveException", "Service was not ACTIVE.")
      : new AwsError("ServiceNotFoundException", "Service not found.");
  };

  return {
    DescribeServices: ({ cluster, services: names }) => {
      clusterOf(place, cluster);
      const wanted = (names ?? []) as string[];
      if (wanted.length === 0) throw new AwsError("InvalidParameterException", "Services cannot be empty.");
      if (wanted.length > MOST_SERVICES)
        throw new AwsError("InvalidParameterException", `Services cannot have more than ${MOST_SERVICES} elements.`);
      const found = wanted.map((name) => {
        const service = find(cluster, name);
        if (service) {
          rollouts.poll(service);
          return described(findService(place, cluster, name) ?? service);
        }
        const old = gone(cluster, name);
        return old ? describedInactive(old) : name;
      });
      return {
        services: found.filter((each) => typeof each !== "string"),
        failures: found.filter((each) => typeof each === "string").map((arn) => ({ arn, reason: "MISSING" })),
      };
    },
    UpdateService: (input) => {
      const service = active(input);
      const before = service.properties;
      const properties: Properties = {
        ...before,
        ...(input["taskDefinition"] !== undefined && {
          taskDefinition: definitionOf(place, input["taskDefinition"]).properties["arn"],
        }),
        ...(input["desiredCount"] !== undefined && { desiredCount: input["desiredCount"] }),
      };
      const changed = { ...service, properties };
      place.world.put(changed);
      // Another revision begins by itself, when it is asked for.
      if (input["forceNewDeployment"] === true) rollouts.begin(changed);
      return { service: described(changed) };
    },
    ListServiceDeployments: (input) => {
      const service = active(input);
      const wanted = (input["status"] ?? []) as string[];
      const found = rollouts
        .attempts(service)
        .filter(({ status }) => wanted.length === 0 || wanted.includes(status))
        .slice(0, Number(input["maxResults"] ?? 20));
      return { serviceDeployments: found.map((attempt) => briefDeployment(place, service, attempt)) };
    },
    DescribeServiceDeployments: ({ serviceDeploymentArns }) => {
      const arns = (serviceDeploymentArns ?? []) as string[];
      const found = arns.map((arn) => {
        const [, cluster, name] = arn.split("/");
        const service = findService(place, cluster, name);
        const attempt =
          service && rollouts.attempts(service).find((each) => serviceDeploymentArn(place, service, each) === arn);
        return attempt ? describedDeployment(place, service, attempt) : arn;
      });
      return {
        serviceDeployments: found.filter((each) => typeof each !== "string"),
        failures: found.filter((each) => typeof each === "string").map((arn) => ({ arn, reason: "MISSING" })),
      };
    },
  };
}
