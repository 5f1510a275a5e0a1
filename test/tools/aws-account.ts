import type { CheckFailure, Provider } from "@pulumi/pulumi/provider/index.js";
import { awsProvider } from "../../tools/aws/provider.ts";
import type { Place } from "../../tools/aws/record.ts";
import type { Properties } from "../../tools/aws/world.ts";
import { emptyPlace } from "./aws-api.ts";

export interface Made {
  readonly urn: string;
  readonly id: string;
  readonly outs: Properties;
}

/** Answer of `check`. */
export interface Checked {
  readonly inputs: Properties;
  readonly failures?: readonly CheckFailure[];
}

/** An account of the in-memory AWS, used as the engine uses it: through the provider's own calls. */
export class Account {
  readonly place: Place;
  readonly provider: Required<Provider>;

  constructor(after: (clean: () => void) => void) {
    this.place = { ...emptyPlace(after), seed: { zones: [{ zoneId: "Z0EXAMPLE", name: "example.com" }] } };
    this.provider = awsProvider("7.48.0", this.place) as Required<Provider>;
  }

  /** What the provider says at preview, then what AWS says when it is made; nothing stays of it. */
  async refusal(type: string, inputs: Properties): Promise<string> {
    try {
      const { urn, id } = await this.make(type, inputs);
      const stored = this.place.world.all(type).find((each) => each.urn === urn);
      this.place.world.remove(type, stored?.key ?? id);
      return "";
    } catch (error) {
      return (error as Error).message;
    }
  }

  /** @throws Error with every failure of `check`, or with the refusal of `create`. */
  async make(type: string, inputs: Properties, name = "tried"): Promise<Made> {
    const urn = urnOf(type, name);
    const { inputs: checked, failures = [] } = (await this.provider.check(urn, {}, inputs)) as Checked;
    if (failures.length > 0)
      throw new Error(failures.map(({ property, reason }) => `${property}: ${reason}`).join("\n"));
    return { urn, ...((await this.provider.create(urn, checked)) as Omit<Made, "urn">) };
  }
}

export const urnOf = (type: string, name: string): string => `urn:pulumi:test::wsgi-on-aws::${type}::${name}`;
