import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

/**
 * Id of a public Route 53 zone that is there already: a zone made here would have other name servers than the ones that the
 * domain's registrar knows.
 * @param zone the zone's name, or its id
 * @param domains names that are written into it
 * @throws RunError in a preview already: the zone is private, or a name does not belong to it
 */
export function zoneId(
  zone: string,
  domains: readonly string[],
  opts: pulumi.InvokeOutputOptions,
): pulumi.Output<string> {
  const key = zone.includes(".") ? { name: zone, privateZone: false } : { zoneId: zone };
  return aws.route53.getZoneOutput(key, opts).apply((found) => {
    refuse(zoneProblem(zone, found, domains));
    return found.zoneId;
  });
}

function refuse(problem: string | undefined): void {
  if (problem !== undefined) throw new pulumi.RunError(`zone: ${problem}`);
}

/**
 * Why the zone cannot be used, for its reader to mend; undefined when it can.
 * @param found what Route 53 says of it; a plan, which asks nobody, knows neither
 */
export function zoneProblem(
  zone: string,
  { name, privateZone }: Partial<Pick<aws.route53.GetZoneResult, "name" | "privateZone">>,
  domains: readonly string[],
): string | undefined {
  if (privateZone) return `"${zone}" is a private zone, which visitors cannot ask. Write the public one of the domain.`;
  if (name === undefined) return undefined;
  const outside = domains.find((domain) => domain !== name && !domain.endsWith(`.${name}`));
  return (
    outside &&
    `"${zone}" is the zone of "${name}", to which "${outside}" does not belong. Write the id of its own zone.`
  );
}
