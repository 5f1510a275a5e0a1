import { once } from "node:events";
import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Properties } from "../../../tools/aws/world.ts";

/** Name of the cookie that a load balancer makes itself. */
export const COOKIE = "AWSALB";
/** A browser keeps the cookie for a week, whatever the target group says: how long it counts is written in it. */
const KEPT_MS = 7 * 24 * 3600 * 1000;

/** A request as it went through. */
export interface Passed {
  readonly path: string;
  /** Whether it brought the cookie of a load balancer. */
  readonly cookie: boolean;
  /** Port of the target that answered it. */
  readonly target: number;
}

/**
 * A load balancer as far as a target group's stickiness goes. A visitor without a cookie, or with that of a target that is
 * gone or of a time that is over, gets another target; each answer renews the cookie. The real one encrypts its cookie.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/sticky-sessions.html
 */
export class Balancer {
  readonly passed: Passed[] = [];
  readonly #targetGroup: () => Properties;
  /** Requests in progress by the port of each registered target. */
  readonly #outstanding: Map<number, number>;
  readonly #server: Server;
  #turn = 0;
  #late = 0;

  private constructor(targetGroup: () => Properties, targets: readonly number[]) {
    this.#targetGroup = targetGroup;
    this.#outstanding = new Map(targets.map((target) => [target, 0]));
    this.#server = createServer((incoming, response) => {
      this.#forward(incoming, response);
    });
  }

  /** @param targetGroup properties as AWS has them, asked for at each request */
  static async start(targetGroup: () => Properties, targets: readonly number[]): Promise<Balancer> {
    const balancer = new Balancer(targetGroup, targets);
    await once(balancer.#server.listen(0, "127.0.0.1"), "listening");
    return balancer;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** A target that drains, or is gone: it gets no further request. */
  deregister(target: number): void {
    this.#outstanding.delete(target);
  }

  /** From here on it is so much later. */
  wait(seconds: number): void {
    this.#late += seconds * 1000;
  }

  stop(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  #forward(incoming: IncomingMessage, response: ServerResponse): void {
    const { stickiness, loadBalancingAlgorithmType } = this.#targetGroup();
    const { enabled, type, cookieDuration } = stickiness as Properties;
    const sticky = enabled === true && type === "lb_cookie";
    const cookie = new RegExp(`\\b${COOKIE}=(\\d+)\\.(\\d+)`).exec(incoming.headers.cookie ?? "");
    const [target = 0, since = 0] = cookie?.slice(1).map(Number) ?? [];
    const counts = sticky && this.#outstanding.has(target) && this.#now - since <= Number(cookieDuration) * 1000;
    const port = counts ? target : this.#next(loadBalancingAlgorithmType);
    const { method, url: path = "", headers } = incoming;
    this.passed.push({ path, cookie: cookie !== null, target: port });
    this.#count(port, 1);
    response.on("close", () => {
      this.#count(port, -1);
    });
    const outgoing = request({ host: "127.0.0.1", port, method, path, headers }, (answer) => {
      const own = `${COOKIE}=${port}.${this.#now}; Expires=${new Date(this.#now + KEPT_MS).toUTCString()}; Path=/`;
      const cookies = [...(answer.headers["set-cookie"] ?? []), ...(sticky ? [own] : [])];
      response.writeHead(answer.statusCode ?? 502, { ...answer.headers, "set-cookie": cookies });
      answer.pipe(response);
    });
    outgoing.on("error", () => response.writeHead(502).end());
    incoming.pipe(outgoing);
  }

  get #now(): number {
    return Date.now() + this.#late;
  }

  #count(target: number, more: number): void {
    const before = this.#outstanding.get(target);
    if (before !== undefined) this.#outstanding.set(target, before + more);
  }

  /** Targets take turns; with the other algorithm those alone that have the fewest requests in progress. */
  #next(algorithm: unknown): number {
    const fewest = Math.min(...this.#outstanding.values());
    const free = [...this.#outstanding].filter(([, count]) => algorithm === "round_robin" || count === fewest);
    return free[this.#turn++ % free.length]?.[0] ?? 0;
  }
}
