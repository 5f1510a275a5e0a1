import { projectOf } from "../../../infra/project.ts";
import { parseSettings } from "../../../infra/settings.ts";
import { siteOf } from "../../../infra/site.ts";
import { readStackFile } from "../../../commands/lib/stack-file.ts";
import { siteText, type Cidr } from "../../../components/nginx/index.ts";
import { tryDocker } from "../strangers/docker.ts";
import { Door } from "./clients.ts";
import { startNginx } from "./nginx.ts";
import { loggedIn, PROJECT, type ForgeryStack, type Logged } from "./stack.ts";

/** Addresses of the stand-in's two nodes, as a load balancer has one in each zone. */
export const BALANCERS: Cidr = "127.0.0.2/31";
const BALANCER_PORT = 9000;

/**
 * A stand-in for the Application Load Balancer: it adds the address that it sees to X-Forwarded-For, says how the visitor came
 * to it, and passes on the rest, names with underscores included.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/x-forwarded-headers.html
 */
const balancerConf = (port: number) => `pid /tmp/nginx.pid; error_log /dev/stderr;
events {}
http {
  access_log off; underscores_in_headers on; ignore_invalid_headers off;
  client_body_temp_path /tmp/1; proxy_temp_path /tmp/2; fastcgi_temp_path /tmp/3; uwsgi_temp_path /tmp/4; scgi_temp_path /tmp/5;
  upstream nginx { server 127.0.0.1:${port}; keepalive 8; }
  server {
    listen 127.0.0.1:${BALANCER_PORT};
    location / {
      proxy_pass http://nginx;
      proxy_bind 127.0.0.2;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header Host $http_host;
      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
      proxy_set_header X-Forwarded-Proto https;
      proxy_set_header X-Forwarded-Port 443;
    }
  }
}`;

/** An nginx as a task on ECS has it, behind a load balancer's stand-in, in front of a local stack's first Gunicorn. */
export class Behind implements Disposable {
  /** Through the load balancer. */
  readonly through: Door;
  /** For somebody who reaches nginx another way. */
  readonly past: Door;
  readonly #containers: readonly string[];

  /**
   * @param changes Settings, as a stack's file has them.
   * @param trusted Networks whose word on the visitor counts.
   */
  constructor(stack: ForgeryStack, changes: Readonly<Record<string, unknown>>, trusted: readonly Cidr[] = [BALANCERS]) {
    const own = { projectDir: PROJECT, wsgiModule: "echo.wsgi" };
    const settings = parseSettings({ ...readStackFile("dev", []).raw, ...own, ...changes });
    const site = { ...siteOf(settings, projectOf(settings)), loadBalancer: { networks: trusted } };
    const nginx = startNginx(stack, siteText(site), ["--network", "none"]);
    const balancer = startNginx(stack, balancerConf(site.listen), ["--network", `container:${nginx}`]);
    this.#containers = [balancer, nginx];
    const python = stack.image("gunicorn-1");
    this.through = new Door(nginx, python, BALANCER_PORT);
    this.past = new Door(nginx, python, site.listen);
  }

  logged(): Logged[] {
    return loggedIn(tryDocker(["logs", this.#containers[1] ?? ""]).stdout);
  }

  [Symbol.dispose](): void {
    for (const container of this.#containers) tryDocker(["rm", "--force", "--volumes", container]);
  }
}
