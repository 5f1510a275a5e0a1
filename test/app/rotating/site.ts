import { execFile, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "../../../tools/free-port.ts";
import { APP, OWN_BIN, PYTHON_PATH, WITHOUT_PSYCOPG } from "./venv.ts";

export interface SiteOptions {
  /** Folder of the programs; see venv.ts. */
  readonly bin: string;
  readonly driver: "psycopg" | "psycopg2";
  /** Settings that the environment is laid over. Default: the sample project's. */
  readonly settings?: string;
  /** Processes of Gunicorn. Default: 2. */
  readonly workers?: number;
  /** Where database and secret are. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

export interface Outcome {
  readonly code: number;
  readonly text: string;
  readonly seconds: number;
}

export const WORKERS = 2;

function environmentOf({ bin, driver, settings = "site_config.settings", env }: SiteOptions): NodeJS.ProcessEnv {
  return {
    PATH: `${bin}:${OWN_BIN}:/usr/bin:/bin`,
    PYTHONPATH: [...(driver === "psycopg2" ? [WITHOUT_PSYCOPG] : []), ...PYTHON_PATH].join(":"),
    PYTHONDONTWRITEBYTECODE: "1",
    PYTHONUNBUFFERED: "1",
    DJANGO_SETTINGS_MODULE: "wsgi_on_aws.settings",
    WSGI_ON_AWS_SETTINGS: settings,
    SECRET_KEY: "only-for-this-test-0123456789-0123456789-0123456789",
    ALLOWED_HOSTS: "127.0.0.1",
    MEDIA_ROOT: join(tmpdir(), "rotating-password-media"), // nothing is uploaded
    ...env,
  };
}

/** Runs Python in the site's environment; arguments as of `python`. */
export function python(options: SiteOptions, ...args: string[]): Promise<Outcome> {
  const started = Date.now();
  return new Promise((resolve) => {
    execFile(
      join(options.bin, "python"),
      args,
      { cwd: APP, env: environmentOf(options), timeout: 40_000 },
      (error, stdout, stderr) => {
        const code = error === null ? 0 : Number(error.code ?? 1);
        resolve({ code, text: stdout + stderr, seconds: (Date.now() - started) / 1000 });
      },
    );
  });
}

/** The sample project under Gunicorn, as the image runs it but for its socket. */
export class Site {
  log = "";
  readonly #port: number;
  readonly #gunicorn: ChildProcess;

  private constructor(port: number, gunicorn: ChildProcess) {
    this.#port = port;
    this.#gunicorn = gunicorn;
    for (const stream of [gunicorn.stdout, gunicorn.stderr])
      stream?.on("data", (text: Buffer) => (this.log += text.toString()));
  }

  static async start(options: SiteOptions): Promise<Site> {
    const port = await freePort();
    const { workers = WORKERS } = options;
    const threads = ["--worker-class", "gthread", "--workers", String(workers), "--threads", "4"];
    const all = ["-m", "gunicorn", "--bind", `127.0.0.1:${port}`, ...threads, "site_config.wsgi"];
    const env = environmentOf(options);
    const site = new Site(port, spawn(join(options.bin, "python"), all, { cwd: APP, env }));
    while ((site.log.match(/Booting worker/g) ?? []).length < workers || (await site.get("/healthz")) !== 200) {
      if (site.#gunicorn.exitCode !== null) throw new Error(site.log);
      await sleep(50);
    }
    return site;
  }

  /** Status of a page; 0 when nobody answers. */
  async get(path = "/"): Promise<number> {
    try {
      const answer = await fetch(`http://127.0.0.1:${this.#port}${path}`, { headers: { Connection: "close" } });
      await answer.arrayBuffer();
      return answer.status;
    } catch {
      return 0;
    }
  }

  /** Statuses of requests side by side, so that both workers and several of their threads get some. */
  burst(count = 24): Promise<number[]> {
    return Promise.all(Array.from({ length: count }, () => this.get()));
  }

  /** Visitors who come again and again while something happens; every status that they saw. */
  async under(visitors: number, happens: () => Promise<void>): Promise<number[]> {
    const seen: number[] = [];
    const state = { over: false };
    const visit = async () => {
      while (!state.over) seen.push(await this.get());
    };
    const all = Array.from({ length: visitors }, visit);
    await happens();
    state.over = true;
    await Promise.all(all);
    return seen;
  }

  async stop(): Promise<void> {
    const ended = once(this.#gunicorn, "exit");
    this.#gunicorn.kill("SIGTERM");
    await ended;
  }
}
