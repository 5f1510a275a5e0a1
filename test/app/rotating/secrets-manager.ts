import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export const ARN = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:rds!db-0a1b-Ab1Cd2";

/** What it answers: a secret's text, one of AWS's errors, or nothing at all. */
export type Answer = { readonly secret: string } | { readonly error: string } | "silence";

/** Secrets Manager as far as one secret needs it, and the endpoint of a task's credentials (AWS JSON 1.1 over HTTP). */
export class SecretsManager {
  /** Authorization headers of the reads so far. */
  readonly reads: string[] = [];
  answer: Answer = "silence";
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, response) => {
      this.#handle(request, response);
    });
  }

  static async start(): Promise<SecretsManager> {
    const manager = new SecretsManager();
    await once(manager.#server.listen(0, "127.0.0.1"), "listening");
    return manager;
  }

  /** What ECS and this test put into the environment of a task. */
  get environment(): Record<string, string> {
    const address = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
    return {
      AWS_REGION: "eu-west-3", // the secret's ARN says where to ask
      AWS_CONTAINER_CREDENTIALS_FULL_URI: `${address}/credentials`,
      AWS_ENDPOINT_URL_SECRETS_MANAGER: address,
    };
  }

  holds(password: string): void {
    this.answer = { secret: JSON.stringify({ username: "app", password }) };
  }

  stop(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  #handle(request: IncomingMessage, response: ServerResponse): void {
    const send = (status: number, body: object) => {
      response.writeHead(status, { "Content-Type": "application/x-amz-json-1.1" }).end(JSON.stringify(body));
    };
    if (request.url === "/credentials") {
      const Expiration = new Date(Date.now() + 3_600_000).toISOString();
      send(200, { AccessKeyId: "ASIATEST", SecretAccessKey: "test", Token: "test", Expiration });
      return;
    }
    this.reads.push(`${request.headers["x-amz-target"] as string} ${request.headers.authorization ?? ""}`);
    if (this.answer === "silence") return;
    if ("secret" in this.answer) send(200, { ARN, SecretString: this.answer.secret });
    else send(400, { __type: this.answer.error, Message: "in AWS's words" });
  }
}
