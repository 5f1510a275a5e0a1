import assert from "node:assert/strict";
import { CONF_FOLDER } from "../../components/edge/nginx-container.ts";
import { dockerOrThrow } from "../../components/release/docker-cli.ts";
import { installNginxConf } from "../../components/release/install-nginx-conf.ts";
import { oneOffArguments, type OneOff } from "../../components/release/one-off.ts";
import type { Deployment } from "../e2e/deployment.ts";
import type { Mutation } from "./feature.ts";

/** Of nginx's container. */
const INSPECTED =
  "{{.Image}} {{range $name, $_ := .NetworkSettings.Networks}}{{$name}}{{end}} {{range .Mounts}}{{.Name}} {{end}}";

/** The files of a stack's nginx, written and read again as a deployment does it. */
export class NginxFiles {
  readonly #container: Omit<OneOff, "command">;
  readonly #serving: string;

  private constructor(container: Omit<OneOff, "command">, serving: string) {
    this.#container = container;
    this.#serving = serving;
  }

  static async of(stack: Deployment): Promise<NginxFiles> {
    const serving = stack.container("nginx");
    const inspect = ["inspect", "--format", INSPECTED, serving];
    const words = (await dockerOrThrow("docker inspect", inspect, { seconds: 20 })).trim().split(" ");
    const [image = "", network = "", ...volumes] = words;
    const conf = volumes.find((name) => name.endsWith("nginx-conf")) ?? "";
    const rest = { labels: {}, image, network, env: {}, memoryMiB: 256, user: "101:101" };
    return new NginxFiles({ name: `${network}-files`, volumes: { [conf]: CONF_FOLDER }, ...rest }, serving);
  }

  /** Has nginx check and read a configuration. */
  async install(text: string): Promise<void> {
    await installNginxConf({ text, serving: this.#serving, say: () => undefined, check: this.#container });
  }

  /** Runs a script where the files lie. */
  async run(script: string): Promise<void> {
    const container = { ...this.#container, command: ["sh", "-c", script] };
    await dockerOrThrow("a file of nginx", oneOffArguments(container, "--rm"), { seconds: 60 });
  }
}

/** An nginx.conf with a change that takes an ability away. */
export function mutated(text: string, [line, becomes]: Mutation): string {
  const lines = text.split("\n");
  const changed = lines.flatMap((each) =>
    line.test(each) ? (becomes === undefined ? [] : [each.replace(line, becomes)]) : [each],
  );
  assert.notDeepEqual(changed, lines, `no line of nginx.conf is like ${String(line)}`);
  return changed.join("\n");
}
