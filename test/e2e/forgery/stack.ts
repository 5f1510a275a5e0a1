import assert from "node:assert/strict";
import { Checkout, docker } from "../checkout.ts";
import { Deployment } from "../deployment.ts";
import { tryDocker } from "../strangers/docker.ts";

/** The credulous project of these tests, from the root of the repository. */
export const PROJECT = "test/e2e/forgery/project";

/** A line of Gunicorn's access log: the id that nginx gave the request, and its first line. */
const ACCESS = /^access (\S+) "(.*)" \d+$/gm;

/** A request that Gunicorn answered, by its own access log. */
export interface Served {
  /** As nginx sent it, `-` without one. */
  readonly id: string;
  /** As `GET /path/ HTTP/1.0`. */
  readonly line: string;
}

/** A request by nginx's own log. */
export interface Logged {
  readonly id: string;
  readonly client: string;
  readonly host: string;
  readonly uri: string;
  readonly status: number;
}

/** What an nginx has logged, by what its container printed. */
export const loggedIn = (printed: string): Logged[] =>
  printed
    .split("\n")
    .filter((line) => line.startsWith('{"time"'))
    .map((line) => JSON.parse(line) as Logged);

/** The credulous project as a stack of its own, whose Gunicorns log each request. */
export class ForgeryStack {
  readonly checkout: Checkout;
  readonly #deployment: Deployment;

  private constructor(checkout: Checkout) {
    this.checkout = checkout;
    this.#deployment = new Deployment(checkout);
  }

  static async start(name: string, settings: Readonly<Record<string, unknown>> = {}): Promise<ForgeryStack> {
    const checkout = await Checkout.make(name);
    const { code, output } = await checkout.start({
      projectDir: PROJECT,
      wsgiModule: "echo.wsgi",
      database: "sqlite",
      media: "none",
      paths: {},
      env: { GUNICORN_CMD_ARGS: `--access-logfile - --access-logformat 'access %({x-request-id}i)s "%(r)s" %(s)s'` },
      ...settings,
    });
    if (code !== 0) {
      await checkout.remove();
      assert.fail(output);
    }
    return new ForgeryStack(checkout);
  }

  get port(): number {
    return this.checkout.port;
  }

  container(part: string): string {
    return this.#deployment.container(part);
  }

  /** Lines of both Gunicorns, Django's among them. */
  gunicornLog(): string {
    return ["gunicorn-1", "gunicorn-2"].map((part) => this.#log(part)).join("");
  }

  /** What Gunicorn has answered, but for the health checks of the containers. */
  served(): Served[] {
    return [...this.gunicornLog().matchAll(ACCESS)]
      .map(([, id = "", line = ""]) => ({ id, line }))
      .filter(({ line }) => !line.startsWith("GET /healthz "));
  }

  /** What nginx has logged. */
  logged(): Logged[] {
    return loggedIn(this.#log("nginx"));
  }

  /** Id of the image that a container runs. */
  image(part: string): string {
    return docker("inspect", "--format", "{{.Image}}", this.container(part));
  }

  /** The volume of the Gunicorns' sockets. */
  sockets(): string {
    const format = `{{range .Mounts}}{{if eq .Destination "/run/gunicorn"}}{{.Name}}{{end}}{{end}}`;
    return docker("inspect", "--format", format, this.container("nginx"));
  }

  /** Output of a command in a container of the stack. */
  run(part: string, ...command: readonly string[]): string {
    return docker("exec", this.container(part), ...command);
  }

  remove(): Promise<void> {
    return this.checkout.remove();
  }

  #log(part: string): string {
    const { stdout, stderr } = tryDocker(["logs", this.container(part)]);
    return stdout + stderr;
  }
}
