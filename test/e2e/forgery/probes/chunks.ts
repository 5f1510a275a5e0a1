import { chunk, CRLF, hiddenRequest, LAST, post, TE, type Probe } from "./probe.ts";

/** Chunks around a hidden request. */
const chunks = (name: string, body: (hidden: string) => string, answer: number): Probe => ({
  name,
  answer,
  bytes: (target) => post(target.path, [`${TE}: chunked`], body(hiddenRequest(target))),
});

const size = (data: string): string => data.length.toString(16);

/** Chunks that not everybody reads alike. */
export const CHUNKS: readonly Probe[] = [
  chunks("chunk extension", (hidden) => `${size(hidden)};a=b${CRLF}${hidden}${CRLF}${LAST}`, 200),
  chunks("chunk extension that ends in LF", (hidden) => `2;\nxx${CRLF}${chunk(LAST + hidden)}${LAST}`, 200),
  chunks("chunk extension that ends in CR", (hidden) => `2;a\rxx${CRLF}${chunk(LAST + hidden)}${LAST}`, 400),
  chunks("chunk size that ends in LF", (hidden) => `${size(hidden)}\n${hidden}${CRLF}${LAST}`, 200),
  chunks("chunk data that end in LF", (hidden) => `${size(hidden)}${CRLF}${hidden}\n${LAST}`, 200),
  chunks("chunk data without an end", (hidden) => `${size(hidden)}${CRLF}${hidden}${LAST}`, 400),
  chunks("chunk data beyond their size", (hidden) => `2${CRLF}${hidden}${CRLF}${LAST}`, 400),
  chunks("chunk size beyond 64 bits", (hidden) => `1${"0".repeat(15)}${chunk(hidden)}${LAST}`, 400),
  chunks(
    "chunk size beyond 32 bits",
    (hidden) => `1${size(hidden).padStart(8, "0")}${CRLF}${hidden}${CRLF}${LAST}`,
    413,
  ),
  chunks("chunk size with 0x", (hidden) => `0x${chunk(hidden)}${LAST}`, 400),
  chunks("chunk size with a plus", (hidden) => `+${chunk(hidden)}${LAST}`, 400),
  chunks("chunk size with a minus", (hidden) => `-${chunk(hidden)}${LAST}`, 400),
  chunks("chunk size with a space before it", (hidden) => ` ${chunk(hidden)}${LAST}`, 400),
  chunks("chunk size with a space behind it", (hidden) => `${size(hidden)} ${CRLF}${hidden}${CRLF}${LAST}`, 200),
  chunks("chunk size missing", (hidden) => `${CRLF}${hidden}${CRLF}${LAST}`, 400),
  chunks("trailer with a length", (hidden) => `${chunk(hidden)}0${CRLF}Content-Length: 4${CRLF}${CRLF}`, 200),
  chunks("trailer with bare LF", (hidden) => `${chunk(hidden)}0\nX-A: b\n\n`, 200),
  chunks("trailer that is a request", (hidden) => `${chunk("x")}0${CRLF}${hidden}`, 200),
];
