import { chunk, CRLF, get, hiddenRequest, HOST, LAST, message, post, TE, type Probe } from "./probe.ts";

const head = (name: string, bytes: Probe["bytes"], answer: Probe["answer"]): Probe => ({ name, bytes, answer });

/** A body that nobody expects, or that something else in the head may turn into a request of its own. */
const bodied = (name: string, headers: readonly string[], answer: number): Probe =>
  head(
    name,
    (target) => {
      const hidden = hiddenRequest(target);
      return `${get(target.path, ...headers, `Content-Length: ${hidden.length}`)}${hidden}`;
    },
    answer,
  );

const WEBSOCKET = ["Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="];

/** Request lines and headers that not everybody reads alike. */
export const HEADS: readonly Probe[] = [
  bodied("GET with a body", [], 200),
  bodied("GET with a body and a close", ["Connection: close"], 200),
  bodied("upgrade to h2c", ["Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAMAAABk"], 200),
  bodied("upgrade to websocket", ["Connection: Upgrade", "Upgrade: websocket", ...WEBSOCKET], 200),
  bodied(
    "upgrade to an unknown version of websocket",
    ["Connection: Upgrade", "Upgrade: websocket", ...WEBSOCKET, "Sec-WebSocket-Version: 777"],
    200,
  ),
  bodied("another method in a header", ["X-HTTP-Method-Override: POST"], 200),
  bodied("Connection names what nginx adds", ["Connection: X-Request-ID, X-Forwarded-For, X-Real-IP"], 200),
  head("GET with chunks", (t) => `${get(t.path, `${TE}: chunked`)}${chunk(hiddenRequest(t))}${LAST}`, 200),
  head(
    "chunks in HTTP/1.0",
    (t) => `${get(t.path, `${TE}: chunked`).replace("1.1", "1.0")}${chunk(hiddenRequest(t))}${LAST}`,
    400,
  ),
  head("request in a POST without a length", (t) => post(t.path, ["Connection: close"], hiddenRequest(t)), 200),

  head(
    "bare LF everywhere",
    (t) => post(t.path, [`Content-Length: ${hiddenRequest(t).length}`], "").replaceAll(CRLF, "\n") + hiddenRequest(t),
    200,
  ),
  head("bare CR everywhere", (t) => post(t.path, [], hiddenRequest(t)).replaceAll(CRLF, "\r"), 400),
  head("bare CR in the request line", (t) => message([`GET ${t.path} HTTP/1.1\rGET ${t.hidden} HTTP/1.1`, HOST]), 400),
  head("two targets in the request line", (t) => message([`GET ${t.path} ${t.hidden} HTTP/1.1`, HOST]), 400),
  head("tabs in the request line", (t) => message([`GET\t${t.path}\tHTTP/1.1`, HOST]), 400),
  head("line ends in the target", (t) => get(`${t.path}%20HTTP/1.1%0D%0A%0D%0AGET%20${t.hidden}`), 404),
  head("NUL in the target", (t) => get(`${t.path}\0`), 400),
  head("NUL in the target, encoded", (t) => get(`${t.path}%00`), 400),
  head("NUL in the name of a header", (t) => get(t.path, "X\0A: b"), 400),
  head("NUL in a header", (t) => get(t.path, "X-A: b\0c"), 400),
  head("header without a colon", (t) => get(t.path, `GET ${t.hidden} HTTP/1.1`), 400),
  head(
    "folding before the first header",
    (t) => message([`GET ${t.path} HTTP/1.1`, ` X-A: GET ${t.hidden}`, HOST]),
    400,
  ),

  head("absolute target of another host", (t) => get(`http://evil.example.com${t.path}`), 400),
  head(
    "absolute target, another Host",
    (t) => message([`GET http://localhost${t.path} HTTP/1.1`, "Host: evil.example.com"]),
    200,
  ),
  head("absolute target, with a name", (t) => get(`http://evil@localhost${t.path}`), 400),
  head("absolute target, no Host", (t) => message([`GET http://localhost${t.path} HTTP/1.1`]), 400),
  head("CONNECT", () => message(["CONNECT localhost:8000 HTTP/1.1", HOST]), 400),
  head("OPTIONS *", () => message(["OPTIONS * HTTP/1.1", HOST]), 400),
  head("TRACE", (t) => get(t.path).replace("GET", "TRACE"), 405),
  head("Host twice", (t) => get(t.path, HOST), 400),
  head("no Host", (t) => message([`GET ${t.path} HTTP/1.1`, "X-A: b"]), 400),
  head("HTTP/0.9", (t) => `GET ${t.path}${CRLF}`, undefined),
  head("HTTP/2 preface", (t) => `PRI * HTTP/2.0${CRLF}${CRLF}SM${CRLF}${CRLF}${hiddenRequest(t)}`, 400),
  head("HTTP/9.9", (t) => get(t.path).replace("1.1", "9.9"), 505),
];
