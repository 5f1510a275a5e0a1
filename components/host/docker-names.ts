import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { INSTANCE_LABEL } from "./docker-labels.ts";

/**
 * Gives the Docker objects of one stack their names, so that two checkouts on one machine never meet: names are unique to
 * a Docker engine, stacks are not. The id is protected: it outlives `npm run stop`, and with it the names of data volumes.
 */
export class DockerNames extends pulumi.ComponentResource {
  /** Value of the label `wsgi-on-aws.instance`. */
  readonly instance: pulumi.Output<string>;
  private readonly prefix: pulumi.Output<string>;

  constructor(name: string, opts?: pulumi.ComponentResourceOptions) {
    super("wsgi-on-aws:index:DockerNames", name, {}, opts);
    const id = new random.RandomId(`${name}-id`, { byteLength: 3 }, { parent: this, protect: true });
    this.instance = id.hex;
    this.prefix = pulumi.interpolate`${pulumi.getProject()}-${pulumi.getStack()}-${id.hex}`;
    this.registerOutputs({ instance: this.instance });
  }

  /** Name of one object, as `wsgi-on-aws-local-3f2a91-nginx`. */
  name(part: string): pulumi.Output<string> {
    return pulumi.interpolate`${this.prefix}-${part}`;
  }

  /** The labels of one object. */
  labels(): { label: string; value: pulumi.Output<string> }[] {
    return [{ label: INSTANCE_LABEL, value: this.instance }];
  }
}
