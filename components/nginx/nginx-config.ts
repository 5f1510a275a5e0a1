import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import type { Node } from "./model.ts";
import { render } from "./render.ts";
import { siteNodes } from "./site.ts";
import type { Site } from "./site.ts";

export interface NginxConfigArgs {
  /** The site, as plain data: the text never waits for a resource. */
  readonly site: Site;
}

/**
 * The nginx.conf of a site. Its text is also the component's input, so that `pulumi preview --diff` shows which lines change.
 *
 * @throws {UserError} The site's settings make no valid configuration.
 */
export class NginxConfig extends pulumi.ComponentResource {
  /** The text of nginx.conf. */
  readonly text: pulumi.Output<string>;
  /** The SHA-256 of the text's UTF-8 bytes, in hex. */
  readonly sha256: pulumi.Output<string>;
  /** The directives of the main context, as data. */
  readonly model: pulumi.Output<readonly Node<never>[]>;

  constructor(name: string, args: NginxConfigArgs, opts?: pulumi.ComponentResourceOptions) {
    const model = siteNodes(args.site);
    const text = render(model, args.site.nginxVersion);
    super("wsgi-on-aws:index:NginxConfig", name, { text }, opts);
    this.text = pulumi.output(text);
    this.sha256 = pulumi.output(createHash("sha256").update(text).digest("hex"));
    this.model = pulumi.output(model as readonly Node<never>[]) as pulumi.Output<readonly Node<never>[]>;
    this.registerOutputs({ text: this.text, sha256: this.sha256, model: this.model });
  }
}
