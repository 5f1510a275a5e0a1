import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { gunicornCommand, type GunicornOptions } from "../../../components/gunicorn/command.ts";
import { virtualEnvironment } from "../../virtual-environment.ts";

const ROOT = join(import.meta.dirname, "../../..");
const PROJECT = join(ROOT, "test/e2e/workers/project");
export const REQUIREMENTS = join(import.meta.dirname, "requirements.txt");

/** Gunicorn as the image runs it, with one worker, outside of a container. */
export class Gunicorn {
  readonly #process: ChildProcess;
  readonly #folder: string;
  log = "";

  private constructor(process: ChildProcess, folder: string) {
    this.#process = process;
    this.#folder = folder;
    for (const stream of [process.stdout, process.stderr])
      stream?.on("data", (text: Buffer) => (this.log += text.toString()));
  }

  /** @param instead A class in place of the one that the command names. */
  static async start(
    options: Pick<GunicornOptions, "workerClass"> & Partial<GunicornOptions>,
    instead?: string,
  ): Promise<Gunicorn> {
    const folder = mkdtempSync(join(tmpdir(), "gunicorn-"));
    const [program = "", ...args] = gunicornCommand({
      bind: { socket: join(folder, "socket") },
      module: options.workerClass === "uvicorn" ? "workers.asgi" : "workers.wsgi",
      workers: 1,
      perWorker: options.workerClass === "sync" ? 1 : 4,
      maxRequests: 0,
      timeouts: { worker: 30, graceful: 35, keepAlive: 5 },
      ...options,
    });
    const bin = await virtualEnvironment("workers", REQUIREMENTS);
    const given = instead === undefined ? args : args.with(args.indexOf("--worker-class") + 1, instead);
    const env = {
      PATH: `${bin}:/usr/bin:/bin`,
      HOME: folder,
      PYTHONPATH: [PROJECT, join(ROOT, "components/image/runtime")].join(":"),
      PYTHONDONTWRITEBYTECODE: "1",
      DJANGO_SETTINGS_MODULE: "wsgi_on_aws.settings",
      WSGI_ON_AWS_SETTINGS: "workers.settings",
      ALLOWED_HOSTS: "localhost",
    };
    // The folder of the heartbeat is Linux's alone.
    const shm = given.indexOf("--worker-tmp-dir");
    const gunicorn = new Gunicorn(spawn(join(bin, program), given.toSpliced(shm, 2), { cwd: PROJECT, env }), folder);
    while ((await gunicorn.ask("GET", "/healthz").catch(() => 0)) !== 200) {
      if (gunicorn.#process.exitCode !== null) throw new Error(gunicorn.log);
      await sleep(50);
    }
    return gunicorn;
  }

  /** Process ids of the workers, in the order of their start. */
  get workers(): number[] {
    return [...this.log.matchAll(/Booting worker with pid: (\d+)/g)].map(([, pid]) => Number(pid));
  }

  /** The socket is where nginx finds it. */
  get listens(): boolean {
    return existsSync(join(this.#folder, "socket"));
  }

  /**
   * Status of an answer on a connection of its own, as nginx asks.
   *
   * @param seconds How long the body takes, of which a byte comes each second.
   */
  ask(method: string, path: string, seconds = 0): Promise<number> {
    return new Promise((resolve, reject) => {
      const headers = { Host: "localhost", Connection: "close", "Content-Length": seconds };
      const options = { socketPath: join(this.#folder, "socket"), path, method, headers, agent: false };
      const outgoing = request(options, (incoming) => {
        incoming.resume();
        incoming.on("error", reject);
        incoming.on("end", () => {
          resolve(incoming.statusCode ?? 0);
        });
      });
      outgoing.on("error", reject);
      const drip = (left: number): void => {
        if (left === 0) outgoing.end();
        else outgoing.write("a", () => setTimeout(drip, 1000, left - 1));
      };
      drip(seconds);
    });
  }

  /** Tells it to stop. */
  stop(): void {
    this.#process.kill("SIGTERM");
  }

  async ended(): Promise<void> {
    if (this.#process.exitCode === null && this.#process.signalCode === null) await once(this.#process, "exit");
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
