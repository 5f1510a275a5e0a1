import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { TLSSocket } from "node:tls";

/** What a site on this machine answers. */
export interface Answer {
  readonly status: number;
  /** When its certificate runs out; absent without TLS. */
  readonly certificateEnds?: Date;
}

const PATIENCE_MS = 5000;

/** Asks the stack's own nginx. Its certificate is not judged: nobody vouches for one that was made on the spot. */
export function ask(url: string): Promise<Answer> {
  const { protocol, hostname } = new URL(url);
  if (hostname !== "127.0.0.1") throw new Error(`${url} is not on this machine`);
  const request = protocol === "https:" ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { agent: false, timeout: PATIENCE_MS, rejectUnauthorized: false }, (incoming) => {
      const { socket } = incoming;
      const ends = socket instanceof TLSSocket ? socket.getPeerCertificate().valid_to : undefined;
      incoming.resume();
      resolve({ status: incoming.statusCode ?? 0, ...(ends !== undefined && { certificateEnds: new Date(ends) }) });
    });
    outgoing.on("timeout", () => outgoing.destroy(new Error(`no answer within ${PATIENCE_MS / 1000} s`)));
    outgoing.on("error", reject);
    outgoing.end();
  });
}
