import { createServer } from "node:http";
import { awsClients, type Clients } from "../../../components/aws/clients.ts";

/** An answer of AWS: a body, or an error by its name. */
export type Answer = object | { readonly __type: string; readonly message?: string };

export interface Call {
  readonly operation: string;
  readonly input: Record<string, unknown>;
}

export interface ScriptedAws {
  readonly clients: Clients;
  readonly calls: readonly Call[];
  /** Inputs of the calls of one operation. */
  readonly inputsOf: (operation: string) => Record<string, unknown>[];
  readonly close: () => void;
}

const ACCOUNT = "123456789012";
let places = 0;

/**
 * The real clients, retries and serialisation among it, against a script: a list of answers for each operation, of which the
 * last one repeats; a function answers by the input. https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html
 */
export async function scriptedAws(
  script: Readonly<Record<string, readonly Answer[] | ((input: Record<string, unknown>) => Answer)>>,
  account = ACCOUNT,
): Promise<ScriptedAws> {
  const calls: Call[] = [];
  const left = new Map<string, Answer[]>();
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      const target = request.headers["x-amz-target"];
      if (target === undefined) {
        response.end(identity(account));
        return;
      }
      const operation = String(target).split(".").at(-1) ?? "";
      const input = JSON.parse(body || "{}") as Record<string, unknown>;
      calls.push({ operation, input });
      const entry = script[operation];
      let answer: Answer = { __type: "UnknownOperationException", message: operation };
      if (typeof entry === "function") answer = entry(input);
      else if (entry) {
        const queue = left.get(operation) ?? [...entry];
        left.set(operation, queue);
        answer = (queue.length > 1 ? queue.shift() : queue[0]) ?? answer;
      }
      response.writeHead("__type" in answer ? 400 : 200, { "content-type": "application/x-amz-json-1.1" });
      response.end(JSON.stringify(answer));
    });
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
    WSGI_ON_AWS_POLL_SECONDS: "0",
  });
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  try {
    // A place of its own for each script: clients are kept for a place.
    const clients = await awsClients({ region: `eu-central-${++places}`, account: ACCOUNT });
    return {
      clients,
      calls,
      inputsOf: (name) => calls.flatMap(({ operation, input }) => (operation === name ? [input] : [])),
      close,
    };
  } catch (error) {
    close();
    throw error;
  }
}

const identity = (account: string) =>
  `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Arn>arn:aws:iam::${account}:user/me</Arn><UserId>me</UserId><Account>${account}</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`;
