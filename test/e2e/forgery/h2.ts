import { connect, type TLSSocket } from "node:tls";
import { setTimeout as sleep } from "node:timers/promises";
import { PATIENCE_MS, QUIET_MS, type Reply } from "./raw.ts";

/** A header as it goes over the wire: whatever bytes, checked by nobody. */
export type Field = readonly [name: string, value: string];

/** A request on a stream of its own. */
export interface Stream {
  readonly fields: readonly Field[];
  readonly body?: string;
}

/** Types and flags of frames (RFC 9113, section 6). */
const [DATA, HEADERS, SETTINGS, CONTINUES, END_STREAM, END_HEADERS] = [0, 1, 4, 0, 1, 4];
const PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

function frame(type: number, flags: number, stream: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head.writeUInt8(type, 3);
  head.writeUInt8(flags, 4);
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

/** An integer of HPACK with a prefix of 7 bits (RFC 7541, section 5.1). */
function integer(value: number): number[] {
  if (value < 127) return [value];
  const bytes = [127];
  let rest = value - 127;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  return [...bytes, rest];
}

/** A field that no table holds, without Huffman's code (RFC 7541, section 6.2.2). */
const literal = (field: Field): Buffer =>
  Buffer.concat([
    Buffer.from([0]),
    ...field.map((text) => Buffer.concat([Buffer.from(integer(text.length)), Buffer.from(text, "latin1")])),
  ]);

function framesOf({ fields, body }: Stream, id: number): Buffer {
  const head = Buffer.concat(fields.map(literal));
  if (body === undefined) return frame(HEADERS, END_HEADERS | END_STREAM, id, head);
  return Buffer.concat([
    frame(HEADERS, END_HEADERS | CONTINUES, id, head),
    frame(DATA, END_STREAM, id, Buffer.from(body, "latin1")),
  ]);
}

/** Statuses that have a number in HPACK's table; nginx writes the others as they are. */
const INDEXED: Readonly<Record<number, number>> = { 8: 200, 9: 204, 10: 206, 11: 304, 12: 400, 13: 404, 14: 500 };

/** The status in the head of an answer of nginx, which says it first, after the size of its table. */
function statusOf(head: Buffer): number {
  const start = head.findIndex((byte) => byte >> 5 !== 1);
  const indexed = INDEXED[(head[start] ?? 0) & 0x7f];
  return (head[start] ?? 0) >= 0x80 && indexed !== undefined
    ? indexed
    : Number(head.toString("latin1", start + 2, start + 5));
}

/** The frames of a connection, as far as they have come. */
function* received(bytes: Buffer): Generator<{ type: number; payload: Buffer }> {
  for (let at = 0; at + 9 <= bytes.length;) {
    const end = at + 9 + bytes.readUIntBE(at, 3);
    if (end > bytes.length) return;
    yield { type: bytes.readUInt8(at + 3), payload: bytes.subarray(at + 9, end) };
    at = end;
  }
}

/** Sends streams over a new connection, and reads until nginx closes it or falls silent. */
export async function sendH2(port: number, streams: readonly Stream[]): Promise<Reply> {
  const chunks: Buffer[] = [];
  let deadline = Date.now() + PATIENCE_MS;
  const socket: TLSSocket = connect(
    { host: "127.0.0.1", port, ALPNProtocols: ["h2"], rejectUnauthorized: false, servername: "localhost" },
    () => {
      const all = streams.map((stream, index) => framesOf(stream, 2 * index + 1));
      socket.write(Buffer.concat([Buffer.from(PREFACE), frame(SETTINGS, 0, 0, Buffer.alloc(0)), ...all]));
    },
  );
  socket.on("data", (data: Buffer) => {
    chunks.push(data);
  });
  socket.on("error", () => undefined); // nginx may reset a connection whose frames it has refused
  const heads = () => [...received(Buffer.concat(chunks))].filter(({ type }) => type === HEADERS);
  while (!socket.closed && Date.now() < deadline) {
    const before = chunks.length;
    await sleep(10);
    if (chunks.length > before && heads().length > 0) deadline = Date.now() + QUIET_MS;
  }
  socket.destroy();
  const frames = [...received(Buffer.concat(chunks))];
  const text = frames.filter(({ type }) => type === DATA).map(({ payload }) => payload.toString("latin1"));
  return { statuses: heads().map(({ payload }) => statusOf(payload)), text: text.join("") };
}
