import { chunk, CRLF, hiddenRequest, LAST, post, TE, type Probe } from "./probe.ts";

/** One reader ends the body at the last chunk, and the hidden request is the next one; the other counts it among the body. */
const clTe = (name: string, headers: readonly string[], answer: number): Probe => ({
  name,
  answer,
  bytes: (target) => {
    const body = LAST + hiddenRequest(target);
    return post(target.path, [...headers, `Content-Length: ${body.length}`], body);
  },
});

/** The other way round: one reader sees the hidden request in a chunk, the other has counted to an end before it. */
const teCl = (name: string, headers: readonly string[], answer: number): Probe => ({
  name,
  answer,
  bytes: (target) => post(target.path, headers, chunk(hiddenRequest(target)) + LAST),
});

/** A length that not everybody reads alike, before a body that is the hidden request. */
const cl = (name: string, headers: (length: number) => readonly string[], answer: Probe["answer"]): Probe => ({
  name,
  answer,
  bytes: (target) => post(target.path, headers(hiddenRequest(target).length), hiddenRequest(target)),
});

/** What says where a body ends, and says it twice, or not as everybody reads it. */
export const LENGTHS: readonly Probe[] = [
  clTe("CL.TE", [`${TE}: chunked`], 400),
  clTe("CL.TE, another case", ["tRANSFER-eNCODING: cHUNKED"], 400),
  clTe("CL.TE, space before the colon", [`${TE} : chunked`], 400),
  clTe("CL.TE, tab before the colon", [`${TE}\t: chunked`], 400),
  clTe("CL.TE, form feed in the name", ["Transfer\x0c-Encoding: chunked"], 400),
  clTe("CL.TE, underscore in the name", ["Transfer_Encoding: chunked"], 200),
  clTe("CL.TE, tab before the value", [`${TE}:\tchunked`], 501),
  clTe("CL.TE, vertical tab before the value", [`${TE}: \x0bchunked`], 501),
  clTe("CL.TE, no-break space before the value", [`${TE}: \xa0chunked`], 501),
  clTe("CL.TE, chunked, identity", [`${TE}: chunked, identity`], 501),
  clTe("CL.TE, identity, chunked", [`${TE}: identity, chunked`], 501),
  clTe("CL.TE, xchunked", [`${TE}: xchunked`], 501),
  clTe("CL.TE, in quotes", [`${TE}: "chunked"`], 501),
  clTe("CL.TE, with a parameter", [`${TE}: chunked;q=1`], 501),
  clTe("CL.TE, twice", [`${TE}: chunked`, `${TE}: identity`], 400),
  clTe("CL.TE, obsolete folding", [`${TE}:${CRLF} chunked`], 400),
  clTe("CL.TE, folded into another header", [`X-A: b${CRLF} ${TE}: chunked`], 400),
  clTe("CL.TE, behind a bare LF", [`X-A: b\n${TE}: chunked`], 400),
  clTe("CL.TE, behind a bare CR", [`X-A: b\r${TE}: chunked`], 400),
  clTe("CL.TE, behind a NUL", [`X-A: b\0${TE}: chunked`], 400),
  clTe("CL.TE, the length named in Connection", [`${TE}: chunked`, "Connection: Content-Length"], 400),
  clTe("CL, named in Connection", ["Connection: Content-Length"], 200),

  teCl("TE.CL", [`${TE}: chunked`, "Content-Length: 4"], 400),
  teCl("TE.CL, the length first", ["Content-Length: 4", `${TE}: chunked`], 400),
  teCl("TE.0", [`${TE}: chunked`, "Content-Length: 0"], 400),
  teCl("TE.TE, twice the same", [`${TE}: chunked`, `${TE}: chunked`], 400),
  teCl("TE.TE, chunked and xchunked", [`${TE}: chunked`, `${TE}: xchunked`], 400),
  teCl("TE.TE, the second with a space before its colon", [`${TE}: chunked`, `${TE} : x`], 400),
  teCl("TE, chunked, identity", [`${TE}: chunked, identity`], 501),
  teCl("TE, xchunked", [`${TE}: xchunked`], 501),
  teCl("TE, tab before the value", [`${TE}:\tchunked`], 501),
  teCl("TE, obsolete folding", [`${TE}:${CRLF} chunked`], 400),
  teCl("TE, Content_Length beside it", [`${TE}: chunked`, "Content_Length: 4"], 200),

  cl("CL, twice the same", (length) => [`Content-Length: ${length}`, `Content-Length: ${length}`], 400),
  cl("CL, two that differ", (length) => ["Content-Length: 0", `Content-Length: ${length}`], 400),
  cl("CL, a list", (length) => [`Content-Length: ${length}, ${length}`], 400),
  cl("CL, a plus", (length) => [`Content-Length: +${length}`], 400),
  cl("CL, a minus", (length) => [`Content-Length: -${length}`], 400),
  cl("CL, hexadecimal", (length) => [`Content-Length: 0x${length.toString(16)}`], 400),
  cl("CL, zeros before it", (length) => [`Content-Length: 000${length}`], 200),
  cl("CL, a space in it", (length) => [`Content-Length: ${String(length).replace(/(?=.$)/, " ")}`], 400),
  cl("CL, beyond 64 bits", (length) => [`Content-Length: ${2n ** 64n + BigInt(length)}`], 400),
  cl("CL, empty", () => ["Content-Length:"], 400),
  cl("CL, space before the colon", (length) => [`Content-Length : ${length}`], 400),
  cl("CL, behind a bare LF", (length) => [`X-A: b\nContent-Length: ${length}`], 200),
  cl("CL, behind a bare CR", (length) => [`X-A: b\rContent-Length: ${length}`], 400),
  cl("CL, obsolete folding", (length) => [`X-A: b${CRLF}\tContent-Length: ${length}`], 400),
  cl("CL, longer than the body", (length) => [`Content-Length: ${length + 1}`], undefined),
  cl("CL, and Expect", (length) => [`Content-Length: ${length}`, "Expect: 100-continue"], 200),
  cl("CL, and an odd Expect", (length) => [`Content-Length: ${length}`, "Expect: y 100-continue"], 200),
];
