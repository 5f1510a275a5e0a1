import { finding, oneOf, text, valuesAt, type Finding, type Place, type Records } from "../record.ts";
import type { Properties, Stored } from "../world.ts";

const RECORD = "aws:route53/record:Record";

const nameOf = (inputs: Properties) => (text(inputs, "name") ?? "").toLowerCase().replace(/\.$/, "");
const zoneOf = (inputs: Properties, { seed }: Place) =>
  (seed.zones ?? []).find(({ zoneId }) => zoneId === inputs["zoneId"]);

function inItsZone(inputs: Properties, place: Place): Finding {
  const zone = zoneOf(inputs, place);
  if (zone === undefined)
    return finding("zoneId", `NoSuchHostedZone: No hosted zone found with ID: ${String(inputs["zoneId"])}`);
  const name = nameOf(inputs);
  if (name !== zone.name && !name.endsWith(`.${zone.name}`)) {
    return finding("name", `InvalidChangeBatch: RRSet with DNS name ${name}. is not permitted in zone ${zone.name}.`);
  }
  return text(inputs, "type") === "CNAME" && name === zone.name
    ? finding("type", `InvalidChangeBatch: RRSet of type CNAME with DNS name ${name}. is not permitted at apex in zone`)
    : undefined;
}

function alone(inputs: Properties, { world }: Place, self: Stored | undefined): Finding {
  const twin = world
    .all(RECORD)
    .filter(({ id, properties }) => id !== self?.id && properties["zoneId"] === inputs["zoneId"])
    .filter(({ properties }) => nameOf(properties) === nameOf(inputs))
    .find(
      ({ properties }) =>
        [properties["type"], inputs["type"]].includes("CNAME") || properties["type"] === inputs["type"],
    );
  return twin && inputs["allowOverwrite"] !== true
    ? finding(
        "name",
        `InvalidChangeBatch: Tried to create resource record set [name='${nameOf(inputs)}.'] but it already exists`,
      )
    : undefined;
}

export const NAMES: Records = {
  [RECORD]: {
    id: (inputs) => `${String(inputs["zoneId"])}_${nameOf(inputs)}_${String(inputs["type"])}`,
    outputs: (inputs) => ({ fqdn: nameOf(inputs) }),
    immutable: ["name", "type", "zoneId"],
    checks: [
      oneOf("type", ["A", "AAAA", "CNAME", "TXT"], "InvalidInput"),
      (inputs) => {
        const alias = valuesAt(inputs, "aliases").length > 0 || inputs["aliases"] !== undefined;
        if (alias && inputs["ttl"] !== undefined) return finding("ttl", "InvalidInput: an alias has no TTL");
        return !alias && inputs["records"] !== undefined && inputs["ttl"] === undefined
          ? finding("ttl", "InvalidInput: a record needs a TTL")
          : undefined;
      },
      (inputs) => {
        const wrong = valuesAt(inputs, "records").find((value) => !/^(\d{1,3}\.){3}\d{1,3}$/.test(String(value)));
        return text(inputs, "type") === "A" && wrong !== undefined
          ? finding("records", `InvalidChangeBatch: Value is not a valid IPv4 address: ${JSON.stringify(wrong)}`)
          : undefined;
      },
    ],
    cross: [inItsZone, alone],
  },
};
