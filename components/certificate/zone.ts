import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

/**
 * Id of a public Route 53 zone that is there already: a zone made here would have other name servers than the ones that the
 * domain's registrar knows.
 * @param zone the zone's name, or its id
 */
export function zoneId(zone: string, opts: pulumi.InvokeOutputOptions): pulumi.Output<string> {
  const key = zone.includes(".") ? { name: zone, privateZone: false } : { zoneId: zone };
  return aws.route53.getZoneOutput(key, opts).zoneId;
}
