import type { Load } from "./cases.ts";
import type { Side } from "./sides.ts";

/** What every side of a case is asked. */
export interface Question {
  readonly path: `/${string}`;
  /** The value of Accept-Encoding. @default none */
  readonly accept?: string;
  readonly load: Load;
}

/** Whether it is asked with TLS. */
export const overTls = ({ load }: Question): boolean => load.kind === "handshakes" || load.kind === "s_time";

/** The port of a side at which it is asked. */
export const portOf = (question: Question, { port, tlsPort }: Side<string>): string =>
  String(overTls(question) ? tlsPort : port);

/** Where a side is asked. */
export const url = (question: Question, side: Side<string>): string =>
  `${overTls(question) ? "https" : "http"}://127.0.0.1:${portOf(question, side)}${question.path}`;

/** Options of curl and wrk for what a client takes. */
export const header = ({ accept }: Question): readonly string[] =>
  accept === undefined ? [] : ["--header", `Accept-Encoding: ${accept}`];
