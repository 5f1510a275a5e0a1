import { readFileSync } from "node:fs";
import { join } from "node:path";
import { INSTANCE_LABEL } from "../../components/host/docker-labels.ts";
import type { Checkout } from "./checkout.ts";
import { docker, tryDocker } from "./strangers/docker.ts";

interface Resource {
  readonly urn: string;
  readonly type: string;
  readonly outputs?: { readonly hex?: string };
}

/** What a copy of the repository has deployed, seen from inside its containers. */
export class Deployment {
  readonly #checkout: Checkout;

  constructor(checkout: Checkout) {
    this.#checkout = checkout;
  }

  /** Names of the resources in the state. */
  resources(): string[] {
    return this.#state().map(({ urn }) => urn.slice(urn.lastIndexOf("::") + 2));
  }

  /** Id of a container, as of `gunicorn-1` or `nginx`. */
  container(part: string): string {
    const instance = this.#state().find(({ type }) => type === "random:index/randomId:RandomId")?.outputs?.hex ?? "";
    const filter = ["--filter", `label=${INSTANCE_LABEL}=${instance}`, "--filter", `name=${instance}-${part}$`];
    return docker(["ps", "--all", "--quiet", "--no-trunc", ...filter]).trim();
  }

  /** Id of the application's image. */
  image(): string {
    return docker(["inspect", "--format", "{{.Image}}", this.container("gunicorn-1")]).trim();
  }

  /** Output of a command in the first Gunicorn's container; throws with all of it when the command fails. */
  run(...command: readonly string[]): string {
    return docker(["exec", this.container("gunicorn-1"), ...command]).trimEnd();
  }

  /** Whether the first Gunicorn's container has one of these programs. */
  hasProgram(...names: readonly string[]): boolean {
    const script = names.map((name) => `command -v ${name}`).join(" || ");
    return tryDocker(["exec", this.container("gunicorn-1"), "sh", "-c", script]).status === 0;
  }

  /** Files below a folder of the application's container. */
  files(folder: string): string[] {
    return this.run("find", folder, "-type", "f").split("\n").filter(Boolean).sort();
  }

  #state(): readonly Resource[] {
    const file = join(this.#checkout.root, ".local/state/.pulumi/stacks/wsgi-on-aws/local.json");
    const { checkpoint } = JSON.parse(readFileSync(file, "utf8")) as {
      checkpoint: { latest: { resources?: readonly Resource[] } };
    };
    return checkpoint.latest.resources ?? [];
  }
}
