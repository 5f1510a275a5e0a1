import type { SideName } from "./sides.ts";

export const CASE_NAMES = [
  "static-1k",
  "static-100k-compressed",
  "page-cached",
  "page-cached-compressed",
  "json-dynamic",
  "tls-new",
  "slow-clients",
] as const;

/** Measured and printed beside the cases, without a floor. */
export const PRINTED_NAMES = ["return-200", "tls12-s_time", "tls13-s_time"] as const;

export type CaseName = (typeof CASE_NAMES)[number] | (typeof PRINTED_NAMES)[number];

/** What has to hold: a ratio of speeds, or how many times fewer bytes one side sends. */
export interface Floor {
  readonly of: "speed" | "fewer bytes";
  readonly side: SideName;
  readonly base: SideName;
  readonly floor: number;
  /** What is aimed at; where it is missed docs/performance.md says why. */
  readonly target?: number;
}

/** How a case is measured. */
export type Load =
  /** 64 connections of wrk, kept alive. */
  | { readonly kind: "requests" }
  /** The same with 4, beside clients that drip the head of a request. */
  | { readonly kind: "beside slow clients"; readonly slow: number }
  /** New TLS 1.2 connections by a client that leaves most of the machine to nginx. */
  | { readonly kind: "handshakes" }
  /** New TLS connections by the tool that people use, which takes more than nginx. */
  | { readonly kind: "s_time"; readonly version: "1.2" | "1.3" };

export interface Case {
  readonly name: CaseName;
  /** For people, after the name. */
  readonly what: string;
  readonly path: `/${string}`;
  /** The value of Accept-Encoding. @default none */
  readonly accept?: string;
  readonly load: Load;
  readonly sides: readonly SideName[];
  readonly floors: readonly Floor[];
}

const SMALL = "/static/small.5d41402abc4b.js";
const LARGE = "/static/large.7d793037a076.js";
const REQUESTS = { kind: "requests" } as const;

const faster = (base: SideName, floor: number, target?: number): Floor => ({
  of: "speed",
  side: "ours",
  base,
  floor,
  ...(target !== undefined && { target }),
});

export const CASES: readonly Case[] = [
  {
    name: "static-1k",
    what: "a file of 1 KB from disk",
    path: SMALL,
    load: REQUESTS,
    sides: ["raw", "original", "h5bp", "ours"],
    floors: [faster("raw", 0.9, 0.95), faster("original", 1.6, 1.8)],
  },
  {
    name: "static-100k-compressed",
    what: "100 KB of JavaScript for a client that takes gzip and brotli",
    path: LARGE,
    accept: "gzip, br",
    load: REQUESTS,
    sides: ["raw", "original", "h5bp", "ours"],
    floors: [faster("raw", 0.9, 0.95), { of: "fewer bytes", side: "ours", base: "original", floor: 4 }],
  },
  {
    name: "page-cached",
    what: "a page of 9 KB that costs 10 ms of CPU, cached for 1 s",
    path: "/page",
    load: REQUESTS,
    sides: ["raw", "original", "h5bp", "gunicorn", "ours"],
    floors: [faster("raw", 0.5, 0.6), faster("original", 100)],
  },
  {
    name: "page-cached-compressed",
    what: "the same for a client that takes gzip",
    path: "/page",
    accept: "gzip",
    load: REQUESTS,
    sides: ["raw", "original", "h5bp", "gunicorn", "ours"],
    floors: [faster("raw", 0.5, 0.6)],
  },
  {
    name: "json-dynamic",
    what: "a small answer that Django makes for each request",
    path: "/json/",
    load: REQUESTS,
    sides: ["original", "h5bp", "gunicorn", "ours"],
    floors: [faster("original", 1), faster("gunicorn", 0.75, 0.8)],
  },
  {
    name: "tls-new",
    what: "new TLS 1.2 connections, nothing resumed",
    path: SMALL,
    load: { kind: "handshakes" },
    sides: ["original", "h5bp", "ours"],
    floors: [faster("original", 1.7, 1.9)],
  },
  {
    name: "slow-clients",
    what: "4 clients of the small answer beside 1,500 that drip",
    path: "/json/",
    load: { kind: "beside slow clients", slow: 1500 },
    sides: ["original", "h5bp", "ours"],
    floors: [],
  },
  {
    name: "return-200",
    what: "the limit of nginx itself: two bytes that stand in nginx.conf",
    path: "/return",
    load: REQUESTS,
    sides: ["raw"],
    floors: [],
  },
  {
    name: "tls12-s_time",
    what: "the same by openssl s_time, which takes more of the machine than nginx",
    path: SMALL,
    load: { kind: "s_time", version: "1.2" },
    sides: ["original", "ours"],
    floors: [],
  },
  {
    name: "tls13-s_time",
    what: "new TLS 1.3 connections by openssl s_time",
    path: SMALL,
    load: { kind: "s_time", version: "1.3" },
    sides: ["original", "ours"],
    floors: [],
  },
];
