import { readFileSync } from "node:fs";
import { join } from "node:path";
import { inRoot } from "../../commands/lib/command.ts";
import type { Container, Server } from "./container.ts";
import { product } from "./ours.ts";

/** Who serves: nginx alone from files, the two configurations that the product is compared with, Gunicorn alone, the product. */
export const SIDE_NAMES = ["raw", "original", "h5bp", "gunicorn", "ours"] as const;

export type SideName = (typeof SIDE_NAMES)[number];

/** Who serves a case, under any name. */
export interface Side<Name extends string = SideName> {
  readonly name: Name;
  readonly port: number;
  readonly tlsPort?: number;
  /** nginx.conf, where nginx takes part. */
  readonly text?: string;
  readonly servers: readonly Server[];
}

const own = (file: string) => readFileSync(join(import.meta.dirname, "nginx", file), "utf8");

/** nginx as a server of a side; its configuration lies in /tmp under the same name. */
export const nginxServer = (name: string, unprivileged: boolean): Server => ({
  name: `nginx-${name}`,
  command: ["nginx", "-c", confOf(name), "-g", "daemon off;"],
  unprivileged,
});

const confOf = (name: string) => `/etc/nginx/${name}.conf`;

const gunicornServer = (name: string, command: readonly string[]): Server => ({ name, command, unprivileged: true });

/**
 * Every side. Servers of one name run once, for all sides that need them.
 * @param tls Whether the product ends TLS; the others listen for both.
 */
export function sides(tls: boolean): Readonly<Record<SideName, Side>> {
  const { text, port, gunicorns, plainGunicorn } = product(tls);
  const plain = gunicornServer("gunicorn", plainGunicorn);
  const original = readFileSync(inRoot("test/nginx/golden/original.conf"), "utf8");
  return {
    raw: { name: "raw", port: 8001, text: own("raw.conf"), servers: [nginxServer("raw", false)] },
    original: {
      name: "original",
      port: 80,
      tlsPort: 443,
      text: original.replace(
        /^( *)listen +80;$/m,
        "$&\n$1listen 443 ssl;\n$1ssl_certificate /bench/tls/rsa.crt;\n$1ssl_certificate_key /bench/tls/rsa.key;",
      ),
      servers: [plain, nginxServer("original", false)],
    },
    h5bp: {
      name: "h5bp",
      port: 8002,
      tlsPort: 8442,
      text: own("h5bp.conf"),
      servers: [plain, nginxServer("h5bp", false)],
    },
    gunicorn: { name: "gunicorn", port: 8000, servers: [plain] },
    ours: {
      name: "ours",
      port,
      tlsPort: port,
      text,
      servers: [
        ...gunicorns.map((command, index) => gunicornServer(`gunicorn-${index + 1}`, command)),
        nginxServer("ours", true),
      ],
    },
  };
}

/** Starts what the sides need. */
export async function serve(container: Container, all: readonly Side<string>[]): Promise<void> {
  for (const { name, text } of all) {
    if (text !== undefined) await container.run(["sh", "-c", `cat >${confOf(name)}`], 60, text);
  }
  const servers = new Map(all.flatMap((side) => side.servers.map((server) => [server.name, server] as const)));
  for (const server of servers.values()) await container.start(server);
}
