/** What Gunicorn does not do without an option: it runs once more beside the stack, as there but for this option. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { until } from "../../nginx/http-client.ts";
import { docker, tryDocker } from "../strangers/docker.ts";
import { ask, classesAt, peaksOf, rush } from "./crowd.ts";

const LONGEST = { timeout: 60_000 };
const PORT = 8000;
/** More than so many workers take before they are replaced. */
const RUSH = 1500;

interface Inspected {
  readonly Image: string;
  readonly Config: { readonly Cmd: readonly string[]; readonly Env: readonly string[] };
  readonly NetworkSettings: { readonly Networks: Readonly<Record<string, unknown>> };
}

/** What of a class the options decide. */
export interface Decided {
  readonly workerClass: string;
  /** The class in Gunicorn's process: our own where it replaces Gunicorn's. */
  readonly serves: string;
  /** Requests of each worker at the same time. */
  readonly perWorker: number;
}

/** A Gunicorn without nginx. */
class Alone implements Disposable {
  readonly #id: string;

  /** As in this container, without an option. */
  constructor(container: string, option: string) {
    const [{ Image, Config, NetworkSettings } = assert.fail()] = JSON.parse(
      docker(["inspect", container]),
    ) as Inspected[];
    const at = Config.Cmd.indexOf(option);
    assert.ok(at > 0, `${Config.Cmd.join(" ")} has no ${option}`);
    const bound = Config.Cmd.toSpliced(at, 2).map((word) => (word.startsWith("unix:") ? `0.0.0.0:${PORT}` : word));
    const networks = Object.keys(NetworkSettings.Networks).flatMap((name) => ["--network", name]);
    const env = Config.Env.flatMap((each) => ["--env", each]);
    const run = ["run", "--detach", "--publish", `127.0.0.1::${PORT}`, ...networks, ...env, Image, ...bound];
    this.#id = docker(run).trim();
  }

  /** Its port on this machine, once it answers, whatever that is. */
  async port(): Promise<number> {
    const port = Number(docker(["port", this.#id, String(PORT)]).split(":")[1]);
    await until(
      () => ask(port, "GET", "/"),
      () => true,
      20,
    );
    return port;
  }

  /** Workers that have ended. */
  ended(): number {
    const { status, stderr } = tryDocker(["logs", this.#id]);
    assert.equal(status, 0, stderr);
    return stderr.match(/Worker exiting/g)?.length ?? 0;
  }

  [Symbol.dispose](): void {
    tryDocker(["rm", "--force", "--volumes", this.#id]);
  }
}

/** The checks of workers.test.ts, which fail here. */
export function notWithout(container: () => string, { workerClass, serves, perWorker }: Decided): void {
  const without = (option: string, check: (alone: Alone, port: number) => Promise<void>) => {
    test(`not without ${option}`, LONGEST, async () => {
      using alone = new Alone(container(), option);
      await check(alone, await alone.port());
    });
  };

  without("--worker-class", async (_, port) => {
    const classes = await classesAt(port);
    assert.ok(!classes.includes(serves));
    // Gunicorn's own class cannot call an ASGI application; a WSGI one answers with another class.
    assert.equal(classes.length > 0, workerClass !== "uvicorn");
  });

  without("--workers", async (_, port) => {
    const { all, ofOneProcess } = await peaksOf(port, "/sleep/?seconds=0.5", 3 * perWorker);
    assert.deepEqual([all, ofOneProcess], [perWorker, perWorker], "one process alone");
  });

  // Gunicorn's own default for `sync`
  if (workerClass !== "sync") {
    without(workerClass === "gthread" ? "--threads" : "--worker-connections", async (_, port) => {
      const { ofOneProcess } = await peaksOf(port, "/sleep/?seconds=0.5", 4 * perWorker);
      assert.notEqual(ofOneProcess, perWorker);
    });
  }

  without("--max-requests", async (alone, port) => {
    assert.deepEqual(await rush(port, RUSH, 8), []);
    assert.equal(alone.ended(), 0);
  });
}
