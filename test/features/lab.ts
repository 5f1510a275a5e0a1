import assert from "node:assert/strict";
import { certificateScript, passwordScript } from "../../components/edge/nginx-container.ts";
import { siteText } from "../../components/nginx/index.ts";
import { docker, dockerOrThrow } from "../../components/release/docker-cli.ts";
import { parseSettings } from "../../infra/settings.ts";
import { siteOf } from "../../infra/site.ts";
import { Checkout } from "../e2e/checkout.ts";
import { Deployment } from "../e2e/deployment.ts";
import { until } from "../nginx/http-client.ts";
import { ask, type Answer, type Question } from "./client.ts";
import type { Mutation } from "./feature.ts";
import { mutated, NginxFiles } from "./install.ts";

const BASE = {
  host: "docker",
  projectDir: "test/features/project",
  wsgiModule: "site_of_features.wsgi",
  allowedHosts: ["localhost", "127.0.0.1", "www.example.com", "nginx"],
  replicas: 2,
  workers: 2,
  threads: 16,
} as const;

/** User and password of the lab. */
export const USER = "alice:correct horse";

/** What the application says of a request. */
export interface Seen {
  readonly replica: string;
  readonly host: string;
  readonly secure: boolean;
  readonly path: string;
  readonly meta: Readonly<Record<string, string | undefined>>;
}

/** A real local stack, whose nginx.conf is made anew from settings for each feature, installed and reloaded as a deployment does it. */
export class Lab {
  readonly #checkout: Checkout;
  readonly #stack: Deployment;
  readonly #nginx: NginxFiles;
  #installed = "";
  readonly port: number;
  /** Address that nginx sees of this machine. */
  client = "";
  /** Host names of the replicas' containers, as the application knows itself. */
  readonly replicas: readonly string[];

  private constructor(checkout: Checkout, stack: Deployment, nginx: NginxFiles) {
    this.#checkout = checkout;
    this.#stack = stack;
    this.#nginx = nginx;
    this.port = checkout.port;
    this.replicas = ["gunicorn-1", "gunicorn-2"].map((part) => stack.container(part).slice(0, 12));
  }

  static async start(): Promise<Lab> {
    const checkout = await Checkout.make("features");
    const { code, output } = await checkout.start(BASE);
    assert.equal(code, 0, output);
    const stack = new Deployment(checkout);
    const nginx = await NginxFiles.of(stack);
    await nginx.run(certificateScript(["localhost", "127.0.0.1"]));
    const [user = "", password = ""] = USER.split(":");
    await nginx.run(passwordScript(`echo "${user}:$(openssl passwd -apr1 '${password}')"`));
    const lab = new Lab(checkout, stack, nginx);
    lab.client = (await lab.seen("/seen")).meta["HTTP_X_REAL_IP"] ?? "";
    return lab;
  }

  remove(): Promise<void> {
    return this.#checkout.remove();
  }

  /** Text of nginx.conf for settings beside those of the lab. */
  text(set: Readonly<Record<string, unknown>>, mutation?: Mutation): string {
    const settings = parseSettings({ ...BASE, port: this.port, htpasswd: "env:HTPASSWD", ...set });
    const text = siteText(siteOf(settings, { framework: "django", gunicorn: "ours" }));
    return mutation ? mutated(text, mutation) : text;
  }

  /** Has nginx check and read a configuration. */
  install(text: string): Promise<void> {
    this.#installed = text;
    return this.#nginx.install(text);
  }

  ask(path: string, question?: Question): Promise<Answer> {
    return ask(this.port, path, question);
  }

  async status(path: string, question?: Question): Promise<number> {
    return (await this.ask(path, question)).status;
  }

  /** What reached the application. */
  async seen(path: string, question?: Question): Promise<Seen> {
    const { status, body } = await this.ask(path, question);
    assert.equal(status, 200, `${path}: ${status}`);
    return JSON.parse(body.toString()) as Seen;
  }

  /** How often the application was called for a name. */
  async calls(name: string): Promise<number> {
    const { body } = await this.ask(`/calls/${name}`);
    return (JSON.parse(body.toString()) as { calls: number }).calls;
  }

  /** A command in a container of the stack. */
  async exec(part: string, ...command: readonly string[]): Promise<string> {
    const id = this.#stack.container(part);
    return dockerOrThrow(`in ${part}`, ["exec", id, ...command], { seconds: 60 });
  }

  /** While these replicas cannot be reached: their sockets are away, and nginx begins anew, without the connections that it kept. */
  async without<T>(parts: readonly string[], act: () => Promise<T>): Promise<T> {
    const move = (part: string, from: string, to: string) =>
      this.exec(part, "mv", `/run/gunicorn/${from}`, `/run/gunicorn/${to}`);
    for (const part of parts) await move(part, `${part}.sock`, `${part}.away`);
    try {
      await this.install(this.#installed);
      return await act();
    } finally {
      for (const part of parts) await move(part, `${part}.away`, `${part}.sock`);
    }
  }

  /** Lines of nginx's log since a moment, once there is one that fits. */
  async logged(since: Date, wanted: RegExp): Promise<string[]> {
    const args = ["logs", "--since", since.toISOString(), this.#stack.container("nginx")];
    const printed = async () => {
      const { stdout, stderr } = await docker(args, { seconds: 20 });
      return `${stdout}${stderr}`.split("\n");
    };
    return until(printed, (lines) => lines.some((line) => wanted.test(line)), 5);
  }
}
