import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { docker, tryDocker } from "./docker.ts";

const SOCKET = "/run/gunicorn/gunicorn-1.sock";
/** As a host runs the image (components/host/hardening.ts), on the anonymous volume that its sockets need. */
const HARDENED = [
  ...["--read-only", "--tmpfs", "/tmp", "--cap-drop", "ALL", "--security-opt", "no-new-privileges"],
  ...["--mount", "type=volume,dst=/run/gunicorn", "--mount", "type=volume,dst=/srv/data", "--user", "10001:10001"],
];
const FROM_HOST = {
  SECRET_KEY: "test-".padEnd(60, "0123456789abcdefghijklmnopqrstuvwxyz"),
  ALLOWED_HOSTS: "site.example.com,localhost",
  CSRF_TRUSTED_ORIGINS: "http://site.example.com:8080",
  DATABASE_URL: "sqlite:////srv/data/db.sqlite3",
  MEDIA_ROOT: "/srv/media",
  SITE_SCHEME: "http",
};

type Env = Readonly<Record<string, string>>;
const envFlags = (env: Env) =>
  Object.entries({ ...FROM_HOST, ...env }).flatMap(([name, value]) => ["--env", `${name}=${value}`]);

export const gunicorn = (wsgiModule: string) => ["gunicorn", "--bind", `unix:${SOCKET}`, "--umask", "7", wsgiModule];

/** Runs one command in a new container of the image. */
export function runOnce(image: string, command: readonly string[], env: Env = {}) {
  return tryDocker(["run", "--rm", ...HARDENED, ...envFlags(env), image, ...command]);
}

export class AppContainer implements Disposable {
  readonly name = `wsgi-on-aws-stranger-${randomBytes(4).toString("hex")}`;

  constructor(image: string, command: readonly string[], env: Env = {}) {
    docker(["run", "--detach", "--name", this.name, ...HARDENED, ...envFlags(env), image, ...command]);
  }

  /** Runs a command in the container; throws with its output when it fails. */
  run(...command: readonly string[]): string {
    return docker(["exec", this.name, ...command]);
  }

  /** Waits until the image's own health check ends with 0. */
  async healthy(seconds = 20): Promise<void> {
    const check = () => tryDocker(["exec", this.name, "python", "-m", "wsgi_on_aws.healthcheck", SOCKET, "/healthz"]);
    const deadline = Date.now() + seconds * 1000;
    for (;;) {
      const { status, stdout, stderr } = check();
      if (status === 0) return;
      if (Date.now() > deadline) throw new Error(`not healthy after ${seconds} s: ${stdout}${stderr}\n${this.log()}`);
      await sleep(200);
    }
  }

  /** Asks Gunicorn through its socket. */
  get(path: string, host = "site.example.com"): { status: number; body: string; headers: Record<string, string> } {
    const script = `import json, sys
from wsgi_on_aws.healthcheck import _SocketConnection
connection = _SocketConnection("${SOCKET}")
connection.request("GET", sys.argv[1], headers={"Host": sys.argv[2], "X-Forwarded-Proto": "http"})
answer = connection.getresponse()
print(json.dumps({"status": answer.status, "body": answer.read().decode(), "headers": dict(answer.getheaders())}))`;
    return JSON.parse(this.run("python", "-c", script, path, host)) as ReturnType<AppContainer["get"]>;
  }

  log(): string {
    const { stdout, stderr } = tryDocker(["logs", this.name]);
    return stdout + stderr;
  }

  [Symbol.dispose](): void {
    tryDocker(["rm", "--force", "--volumes", this.name]);
  }
}
