import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { Place } from "../record.ts";
import { acm } from "./acm.ts";
import { checkCaller } from "./caller.ts";
import { ecs } from "./ecs.ts";
import { AwsError, type Answer, type Call, type Faults, type Handler } from "./handler.ts";
import { logs } from "./logs.ts";
import { secretsManager } from "./secrets-manager.ts";
import { callerIdentity, stsError } from "./sts.ts";
import type { Tasks } from "./tasks.ts";

export interface ApiServer {
  /** For AWS_ENDPOINT_URL. */
  readonly url: string;
  /** The same for containers. */
  readonly innerUrl?: string;
  /** Every call, as it came. */
  readonly calls: readonly Call[];
  /** What goes wrong from now on; a test changes it. */
  readonly faults: Faults;
  readonly close: () => Promise<void>;
}

/**
 * The services of AWS that the program itself calls, on 127.0.0.1, over the same world as the provider: AWS JSON 1.1, and STS in
 * its query protocol. What it does not know it refuses, as AWS does.
 * @param gateway this machine's address for containers, which read secrets
 */
export async function startApi(place: Place, tasks: Tasks, gateway?: string): Promise<ApiServer> {
  const calls: Call[] = [];
  const faults: Faults = {};
  const services: Readonly<Record<string, Handler>> = {
    AmazonEC2ContainerServiceV20141113: ecs(place, tasks, faults),
    Logs_20140328: logs(place, tasks),
    CertificateManager: acm(place),
    secretsmanager: secretsManager(place),
  };

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await text(request);
    const target = request.headers["x-amz-target"];
    if (target === undefined) {
      const [status, xml] = sts(request, body);
      response.writeHead(status, { "content-type": "text/xml" }).end(xml);
      return;
    }
    const [service = "", operation = ""] = String(target).split(".");
    const input = JSON.parse(body || "{}") as Record<string, unknown>;
    calls.push({ operation, input });
    const [status, output] = await outcome(request, services[service], operation, input);
    response.writeHead(status, { "content-type": "application/x-amz-json-1.1" });
    response.end(JSON.stringify(output));
  };

  const sts = (request: IncomingMessage, body: string): readonly [status: number, xml: string] => {
    try {
      checkCaller(request, place.region, faults);
      const action = new URLSearchParams(body).get("Action") ?? "";
      if (action !== "GetCallerIdentity") throw new AwsError("UnknownOperationException", action);
      return [200, callerIdentity(faults.account ?? place.account)];
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      return [403, stsError(error)];
    }
  };

  const outcome = async (
    request: IncomingMessage,
    handler: Handler | undefined,
    operation: string,
    input: Record<string, unknown>,
  ): Promise<[status: number, output: Answer]> => {
    try {
      checkCaller(request, place.region, faults);
      if ((faults.throttle ?? 0) > 0) {
        faults.throttle = (faults.throttle ?? 0) - 1;
        throw new AwsError("ThrottlingException", "Rate exceeded");
      }
      if (faults.denied?.includes(operation)) {
        throw new AwsError("AccessDeniedException", `User is not authorized to perform: ${operation}`);
      }
      const act = handler?.[operation];
      if (act === undefined) throw new AwsError("UnknownOperationException", operation);
      return [200, await act(input)];
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      return [400, { __type: error.name, message: error.message }];
    }
  };

  const listen = async (host: string): Promise<{ url: string; close: () => void }> => {
    const server = createServer((request, response) => {
      answer(request, response).catch((error: unknown) => {
        console.error(error);
        response.writeHead(500).end();
      });
    });
    await new Promise<void>((ready) => server.listen(0, host, ready));
    const address = server.address();
    const close = () => {
      server.closeAllConnections();
      server.close();
    };
    return { url: `http://${host}:${typeof address === "object" && address ? address.port : 0}`, close };
  };
  const servers = await Promise.all(["127.0.0.1", ...(gateway === undefined ? [] : [gateway])].map(listen));
  const [own, inner] = servers;
  return {
    url: own?.url ?? "",
    ...(inner && { innerUrl: inner.url }),
    calls,
    faults,
    close: async () => {
      for (const server of servers) server.close();
      await tasks.close();
    },
  };
}

async function text(request: IncomingMessage): Promise<string> {
  let body = "";
  for await (const chunk of request) body += String(chunk);
  return body;
}
