import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { until } from "../../nginx/http-client.ts";
import { docker } from "../strangers/docker.ts";

const SCRIPT = readFileSync(join(import.meta.dirname, "client.py"), "utf8");

export type Header = readonly [name: string, value: string];

export interface Request {
  /** An address of the loopback network: who asks. */
  readonly client: string;
  readonly target: string;
  readonly headers: readonly Header[];
}

export interface Answer {
  readonly status: number;
  /** By their names in small letters. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What the application of these tests says that it saw. */
export interface View {
  readonly path: string;
  readonly host: string;
  readonly secure: boolean;
  readonly absolute: string;
  readonly id: string;
  readonly meta: Readonly<Record<string, string>>;
}

/** A port that clients ask, in the network of a container. */
export class Door {
  readonly #container: string;
  readonly #image: string;
  readonly #port: number;

  /** @param image One that has Python. */
  constructor(container: string, image: string, port: number) {
    this.#container = container;
    this.#image = image;
    this.#port = port;
  }

  /** Waits until the door is open. */
  async open(): Promise<void> {
    const health = { client: "127.0.0.1", target: "/healthz", headers: [["Host", "localhost"]] } as const;
    await until(
      () => Promise.resolve(this.ask([health])),
      ([answer]) => answer?.status === 200,
    );
  }

  /** Asks one after the other, each on a connection of its own. */
  ask(requests: readonly Request[]): Answer[] {
    const run = ["run", "--rm", "--interactive", "--network", `container:${this.#container}`, this.#image];
    const input = JSON.stringify(requests.map((request) => ({ ...request, port: this.#port })));
    const answers = JSON.parse(docker([...run, "python", "-c", SCRIPT], input)) as Answer[];
    assert.equal(answers.length, requests.length);
    return answers;
  }
}

/** What the application saw of a request that it has answered. */
export function viewOf({ status, body }: Answer): View {
  assert.equal(status, 200, body);
  return JSON.parse(body) as View;
}

/** What the application saw, but for the id, which is new each time. */
export function seen(answer: Answer | undefined): Omit<View, "id"> {
  assert.ok(answer);
  const { id, meta, ...view } = viewOf(answer);
  assert.match(id, /^(?!f+$)[0-9a-f]{32}$/);
  assert.equal(meta["HTTP_X_REQUEST_ID"], id);
  assert.equal(answer.headers["x-request-id"], id);
  return { ...view, meta: { ...meta, HTTP_X_REQUEST_ID: "" } };
}

/** The statuses that there are. */
export const statuses = (answers: readonly Answer[]): number[] => [...new Set(answers.map(({ status }) => status))];
/** How many were answered as they wished. */
export const passed = (answers: readonly Answer[]): number => answers.filter(({ status }) => status === 200).length;
