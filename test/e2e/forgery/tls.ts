import { readStackFile } from "../../../commands/lib/stack-file.ts";
import { certificateScript } from "../../../components/edge/nginx-container.ts";
import { siteText } from "../../../components/nginx/index.ts";
import { projectOf } from "../../../infra/project.ts";
import { parseSettings } from "../../../infra/settings.ts";
import { siteOf } from "../../../infra/site.ts";
import { docker, tryDocker } from "../strangers/docker.ts";
import { startNginx } from "./nginx.ts";
import { loggedIn, PROJECT, type ForgeryStack, type Logged } from "./stack.ts";

/** An nginx with TLS, and so with HTTP/2, before a local stack's Gunicorns. */
export class TlsNginx implements Disposable {
  /** On 127.0.0.1. */
  readonly port: number;
  readonly #container: string;

  /** @param changes Settings, as a stack's file has them. */
  constructor(stack: ForgeryStack, changes: Readonly<Record<string, unknown>>) {
    const own = { projectDir: PROJECT, wsgiModule: "echo.wsgi", tls: "self-signed" };
    const settings = parseSettings({ ...readStackFile("local", []).raw, ...own, ...changes });
    const site = siteOf(settings, projectOf(settings));
    const publish = ["--publish", `127.0.0.1::${site.listen}`];
    this.#container = startNginx(stack, siteText(site), publish, certificateScript(["localhost"]));
    this.port = Number(
      docker(["port", this.#container, `${site.listen}/tcp`])
        .trim()
        .split(":")
        .at(-1),
    );
  }

  logged(): Logged[] {
    return loggedIn(tryDocker(["logs", this.#container]).stdout);
  }

  [Symbol.dispose](): void {
    tryDocker(["rm", "--force", "--volumes", this.#container]);
  }
}
