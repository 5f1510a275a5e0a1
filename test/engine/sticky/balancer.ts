import { once } from "node:events";
import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Properties } from "../../../tools/aws/world.ts";

/** Name of the cookie that a load balancer makes itself. */
const COOKIE = "AWSALB";

/**
 * A load balancer as far as a target group's stickiness goes: a visitor without a cookie, or with that of a target that is
 * gone, gets the next target and its cookie; with a cookie, the same target again.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-target-group-attributes.html#duration-based-stickiness
 */
export class Balancer {
  /** The target group's own properties. */
  targetGroup: Properties;
  /** Ports of the targets that get new requests. */
  targets: readonly number[];
  readonly #server: Server;
  #turn = 0;

  private constructor(targetGroup: Properties, targets: readonly number[]) {
    this.targetGroup = targetGroup;
    this.targets = targets;
    this.#server = createServer((incoming, response) => {
      this.#forward(incoming, response);
    });
  }

  static async start(targetGroup: Properties, targets: readonly number[]): Promise<Balancer> {
    const balancer = new Balancer(targetGroup, targets);
    await once(balancer.#server.listen(0, "127.0.0.1"), "listening");
    return balancer;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  stop(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  #forward(incoming: IncomingMessage, response: ServerResponse): void {
    const { enabled, type, cookieDuration } = this.targetGroup["stickiness"] as Properties;
    const sticky = enabled === true && type === "lb_cookie";
    const port = (sticky ? this.#remembered(incoming) : undefined) ?? this.#next();
    const cookie = `${COOKIE}=${port}; Max-Age=${Number(cookieDuration)}; Path=/`;
    const { method, url: path, headers } = incoming;
    const outgoing = request({ host: "127.0.0.1", port, method, path, headers }, (answer) => {
      const cookies = [...(answer.headers["set-cookie"] ?? []), ...(sticky ? [cookie] : [])];
      response.writeHead(answer.statusCode ?? 502, { ...answer.headers, "set-cookie": cookies });
      answer.pipe(response);
    });
    outgoing.on("error", () => response.writeHead(502).end());
    incoming.pipe(outgoing);
  }

  #remembered({ headers }: IncomingMessage): number | undefined {
    const port = Number(new RegExp(`\\b${COOKIE}=(\\d+)`).exec(headers.cookie ?? "")?.[1]);
    return this.targets.includes(port) ? port : undefined;
  }

  #next(): number {
    return this.targets[this.#turn++ % this.targets.length] ?? 0;
  }
}
