/** Where a probe asks, and what it hides: a request that must never be answered. */
export interface Target {
  readonly path: string;
  readonly hidden: string;
}

/** Bytes that two servers may read differently. */
export interface Probe {
  readonly name: string;
  readonly bytes: (target: Target) => string;
  /** Status of the answer; `undefined` where there need not be one: nginx waits for more, or answers without a head. */
  readonly answer: number | undefined;
}

export const CRLF = "\r\n";
export const HOST = "Host: localhost";
export const TE = "Transfer-Encoding";

/** The end of chunks, as RFC 9112 has it. */
export const LAST = `0${CRLF}${CRLF}`;
/** A chunk, as RFC 9112 has it. */
export const chunk = (data: string): string => `${data.length.toString(16)}${CRLF}${data}${CRLF}`;

/** A request with these lines before its body. */
export const message = (lines: readonly string[], body = ""): string => [...lines, "", body].join(CRLF);
export const get = (path: string, ...headers: readonly string[]): string =>
  message([`GET ${path} HTTP/1.1`, HOST, ...headers]);
export const post = (path: string, headers: readonly string[], body: string): string =>
  message([`POST ${path} HTTP/1.1`, HOST, ...headers], body);

/** What a probe hides: a whole request, which a server would answer if it took it for one. */
export const hiddenRequest = ({ hidden }: Target): string => get(hidden);
