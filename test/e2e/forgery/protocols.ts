import { getOverH2, H2_PROBES } from "./probes/h2.ts";
import { CHUNKS } from "./probes/chunks.ts";
import { HEADS } from "./probes/heads.ts";
import { LENGTHS } from "./probes/lengths.ts";
import { get, type Target } from "./probes/probe.ts";
import { sendH2 } from "./h2.ts";
import { sendRaw, type Reply } from "./raw.ts";
import type { ForgeryStack, Logged } from "./stack.ts";
import type { TlsNginx } from "./tls.ts";

/** How requests of one protocol are sent, and what is tried with them. */
export interface Protocol {
  readonly probes: readonly {
    readonly name: string;
    /** Status of the answer; `undefined` where there need not be one. */
    readonly answer: number | undefined;
    readonly send: (target: Target) => Promise<Reply>;
  }[];
  /** An ordinary GET, on a connection of its own. */
  readonly get: (path: string) => Promise<Reply>;
  /** What the nginx that is asked has logged. */
  readonly logged: () => Logged[];
}

export const http1 = (stack: ForgeryStack): Protocol => ({
  probes: [...LENGTHS, ...CHUNKS, ...HEADS].map(({ bytes, ...probe }) => ({
    ...probe,
    send: (target) => sendRaw(stack.port, bytes(target)),
  })),
  get: (path) => sendRaw(stack.port, get(path, "Connection: close")),
  logged: () => stack.logged(),
});

export const http2 = (tls: TlsNginx): Protocol => ({
  probes: H2_PROBES.map(({ stream, ...probe }) => ({ ...probe, send: (target) => sendH2(tls.port, [stream(target)]) })),
  get: (path) => sendH2(tls.port, [{ fields: getOverH2(path) }]),
  logged: () => tls.logged(),
});

/** What came of a probe in one place. */
export interface Probed {
  readonly name: string;
  readonly target: Target;
  readonly answer: number | undefined;
  readonly statuses: readonly number[];
  /** Whether the next visitor, on a new connection, got the answer to what they asked. */
  readonly innocent: boolean;
}

/** One after the other in one place, so that the innocent request is the next one there. */
export async function probeAll({ probes, get: ask }: Protocol, place: string): Promise<Probed[]> {
  const results: Probed[] = [];
  for (const [index, { name, answer, send }] of probes.entries()) {
    const target = { path: `${place}${index}/`, hidden: `${place}hidden/${index}/` };
    const { statuses } = await send(target);
    const path = `${place}innocent/${index}/`;
    const next = await ask(path);
    const innocent = next.statuses.join() === "200" && next.text.includes(`"path": "${path}"`);
    results.push({ name: `${place} ${name}`, target, answer, statuses, innocent });
  }
  return results;
}
