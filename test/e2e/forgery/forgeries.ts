import type { Header } from "./clients.ts";

/** A host that is not the site's. */
export const EVIL = "evil.example.com";

/** A claim about the visitor, in headers that only a proxy may send. */
export interface Forgery {
  readonly name: string;
  readonly headers: readonly Header[];
}

/** Headers that name an address. */
const addresses = (claimed: string): Header[][] => [
  [["X-Forwarded-For", claimed]],
  [["X-Forwarded-For", `${claimed}, ${claimed}`]],
  [["X-Forwarded-For", `${claimed}, 127.0.0.1`]],
  [["X-Forwarded-For", `${claimed}:443`]],
  [["X-Forwarded-For", `"${claimed}"`]],
  [["X-Forwarded-For", `::ffff:${claimed}`]],
  [["X-Forwarded-For", ` ${claimed} ,unknown`]],
  [["X-Forwarded-For", ""]],
  [
    ["X-Forwarded-For", claimed],
    ["X-Forwarded-For", claimed],
  ],
  [["x-forwarded-for", claimed]],
  [["X-Real-IP", claimed]],
  [["X-Client-IP", claimed]],
  [["True-Client-IP", claimed]],
  [["Forwarded", `for=${claimed};proto=https;host=${EVIL};by=${claimed}`]],
];

/** Headers about the scheme, the host and the port. */
const ADDRESSED: readonly Header[] = [
  ["X-Forwarded-Host", EVIL],
  ["X-Forwarded-Port", "666"],
  ["X-Forwarded-Prefix", "/evil"],
  ["X-Forwarded-Proto", "https"],
  ["X-Forwarded-Proto", "http"],
  ["X-Forwarded-Protocol", "ssl"],
  ["X-Forwarded-Scheme", "https"],
  ["X-Forwarded-Ssl", "on"],
  ["X-Request-ID", "f".repeat(32)],
  ["X-Request-ID", "x\tINFO forged"],
];

/** CGI, and so WSGI, calls X-Real-IP and X_Real_IP alike. */
const underscored = (claimed: string): Header[] => [
  ["X_Forwarded_For", claimed],
  ["X_Real_IP", claimed],
  ["X_Forwarded_Host", EVIL],
  ["X_Forwarded_Proto", "https"],
  ["X_Forwarded_Port", "666"],
  ["X_Forwarded_Ssl", "on"],
  ["X-Forwarded_For", claimed],
  ["X_Request_ID", "f".repeat(32)],
  ["SCRIPT_NAME", "/evil"],
  ["PATH_INFO", "/evil/"],
  ["REMOTE_ADDR", claimed],
  ["HTTP_HOST", EVIL],
];

/** @param claimed Address that the forger would like to have. */
export function forgeries(claimed: string): Forgery[] {
  const groups = [...addresses(claimed), ...[...ADDRESSED, ...underscored(claimed)].map((header) => [header])];
  const named = groups.map((headers) => ({
    name: headers.map((header) => header.join(": ")).join(" and "),
    headers,
  }));
  return [...named, { name: "all together", headers: groups.flat() }];
}

/** Requests that each claim another address, by the header that claims it. */
export function rotating(count: number): { readonly name: string; readonly claims: readonly Forgery[] }[] {
  const each = (claims: (address: string) => readonly Header[]) =>
    Array.from({ length: count }, (_, index) => ({ name: "", headers: claims(`198.51.100.${index + 1}`) }));
  const headers = ["X-Forwarded-For", "X-Real-IP", "X_Forwarded_For"];
  return [
    ...headers.map((name) => ({ name, claims: each((address) => [[name, address]]) })),
    { name: "Forwarded", claims: each((address) => [["Forwarded", `for=${address}`]]) },
    {
      name: "two of X-Forwarded-For",
      claims: each((address) => [
        ["X-Forwarded-For", `${address}, ${address}`],
        ["X-Forwarded-For", address],
      ]),
    },
    { name: "all together", claims: each((address) => forgeries(address).at(-1)?.headers ?? []) },
    { name: "no claim", claims: each(() => []) },
  ];
}
