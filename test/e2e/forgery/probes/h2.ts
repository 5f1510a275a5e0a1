import type { Field, Stream } from "../h2.ts";
import { CRLF, hiddenRequest, LAST, type Target } from "./probe.ts";

/** A request over HTTP/2 that could become two when nginx writes it anew. */
export interface H2Probe {
  readonly name: string;
  readonly stream: (target: Target) => Stream;
  /** Status that nginx answers. */
  readonly answer: number;
}

const pseudo = (path: string, method: string): Field[] => [
  [":method", method],
  [":scheme", "https"],
  [":path", path],
  [":authority", "localhost"],
];
export const getOverH2 = (path: string): Field[] => pseudo(path, "GET");
const replaced = (fields: readonly Field[], name: string, value: string): Field[] =>
  fields.map((field) => (field[0] === name ? [name, value] : field));

/** A POST whose body is, or begins with, a hidden request. */
const body = (name: string, fields: (length: number) => readonly Field[], answer: number, prefix = ""): H2Probe => ({
  name,
  answer,
  stream: (target) => {
    const content = prefix + hiddenRequest(target);
    return { fields: [...pseudo(target.path, "POST"), ...fields(content.length)], body: content };
  },
});

/** A GET with one field more. */
const field = (name: string, added: (hidden: string) => Field, answer: number): H2Probe => ({
  name,
  answer,
  stream: (target) => ({ fields: [...pseudo(target.path, "GET"), added(hiddenRequest(target))] }),
});

/** A GET whose pseudo-header is something else. */
const start = (name: string, key: string, value: (target: Target) => string, answer: number): H2Probe => ({
  name,
  answer,
  stream: (target) => ({ fields: replaced(pseudo(target.path, "GET"), key, value(target)) }),
});

export const H2_PROBES: readonly H2Probe[] = [
  body("a body", (length) => [["content-length", String(length)]], 200),
  body("a body without a length", () => [], 200),
  body("CL, the length 0", () => [["content-length", "0"]], 400),
  body("CL, shorter", () => [["content-length", "4"]], 400),
  body("CL, longer", (length) => [["content-length", String(length + 4)]], 400),
  body(
    "CL, twice",
    (length) => [
      ["content-length", "0"],
      ["content-length", String(length)],
    ],
    400,
  ),
  body("CL, a plus", (length) => [["content-length", `+${length}`]], 400),
  body("TE", () => [["transfer-encoding", "chunked"]], 200, LAST),
  body(
    "TE, with a length",
    (length) => [
      ["transfer-encoding", "chunked"],
      ["content-length", String(length)],
    ],
    400,
    LAST,
  ),
  body("TE, xchunked", () => [["transfer-encoding", "xchunked"]], 501, LAST),
  body("TE, underscore", () => [["transfer_encoding", "chunked"]], 200, LAST),
  body("TE, behind a line end in a value", () => [["x-a", `b${CRLF}transfer-encoding: chunked`]], 400, LAST),
  body("TE, behind a line end in a name", () => [[`x-a: b${CRLF}transfer-encoding`, "chunked"]], 400, LAST),
  body(
    "connection names a length",
    (length) => [
      ["connection", "content-length"],
      ["content-length", String(length)],
    ],
    200,
  ),

  field("a request in a value", (hidden) => ["x-a", `b${CRLF}${CRLF}${hidden}`], 400),
  field("a request in a value, bare LF", (hidden) => ["x-a", `b\n\n${hidden.replaceAll(CRLF, "\n")}`], 400),
  field("a request in a name", (hidden) => [`x: b${CRLF}${CRLF}${hidden}x`, "b"], 400),
  field("colon in a name", () => ["x-a:b", "c"], 400),
  field("space in a name", () => ["x-a b", "c"], 400),
  field("capitals in a name", () => ["X-A", "c"], 400),
  field("NUL in a value", () => ["x-a", "b\0c"], 400),
  field("a second Host", () => ["host", "evil.example.com"], 400),
  field("a second path", () => [":path", "/hidden/"], 400),
  field("upgrade", () => ["upgrade", "h2c"], 200),

  start("a request in the path", ":path", ({ path, hidden }) => `${path} HTTP/1.1${CRLF}${CRLF}GET ${hidden}`, 400),
  start("space in the path", ":path", ({ path, hidden }) => `${path} ${hidden}`, 400),
  start("path without a slash", ":path", ({ hidden }) => hidden.slice(1), 400),
  start("absolute path", ":path", ({ path }) => `http://evil.example.com${path}`, 400),
  start("a request in the method", ":method", ({ hidden }) => `GET ${hidden} HTTP/1.1${CRLF}${CRLF}GET`, 400),
  start("space in the method", ":method", ({ hidden }) => `GET ${hidden}`, 400),
  start("line end in the authority", ":authority", () => `localhost${CRLF}x: y`, 400),
  start("another authority", ":authority", () => "evil.example.com", 400),
  start("line end in the scheme", ":scheme", () => `https${CRLF}x: y`, 400),
];
