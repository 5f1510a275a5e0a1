import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parse, stringify } from "yaml";
import { awsConfig, type EcsSettings } from "../../infra/settings.ts";
import { startAws, type InMemoryAws } from "../../tools/aws/in-memory-aws.ts";
import type { Seed } from "../../tools/aws/record.ts";
import { inRoot, ROOT } from "./command.ts";

export interface Finished {
  readonly code: number;
  /** What the engine printed, standard error among it. */
  readonly output: string;
}

/** A resource in an exported state. */
export interface ExportedResource {
  readonly urn: string;
  readonly type: string;
  readonly id?: string;
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly outputs?: Readonly<Record<string, unknown>>;
}

/**
 * A stack on an in-memory AWS of its own, with a backend of its own, deployed by the real engine. Everything is gone after
 * `close`.
 */
export class ThrowAwayStack {
  readonly aws: InMemoryAws;
  readonly #stack: string;
  readonly #folder: string;
  readonly #env: NodeJS.ProcessEnv;
  #config: Record<string, unknown>;

  private constructor(stack: string, folder: string, aws: InMemoryAws, config: Record<string, unknown>) {
    this.aws = aws;
    this.#stack = stack;
    this.#folder = folder;
    this.#config = config;
    this.#env = {
      ...process.env,
      ...aws.env,
      PULUMI_BACKEND_URL: `file://${join(folder, "state")}`,
      PULUMI_CONFIG_PASSPHRASE: "throw-away",
      PULUMI_SKIP_UPDATE_CHECK: "true",
    };
  }

  /** @param config the content of the stack's file, keys with their namespace */
  static async open(
    stack: string,
    config: Readonly<Record<string, unknown>>,
    seed: Seed,
    tools: { readonly pulumiHome: string; readonly registry: string },
  ): Promise<ThrowAwayStack> {
    const folder = mkdtempSync(join(tmpdir(), "wsgi-on-aws-"));
    const aws = await startAws({ folder, region: awsConfig(config).region, seed, ...tools });
    const opened = new ThrowAwayStack(stack, folder, aws, { ...config });
    const init = join(folder, "init");
    mkdirSync(join(folder, "state"));
    mkdirSync(init);
    writeFileSync(join(init, "Pulumi.yaml"), "name: wsgi-on-aws\nruntime: nodejs\n");
    const made = await opened.run(["stack", "init", stack, "--no-select"], init);
    if (made.code !== 0) throw new Error(`pulumi stack init failed:\n${made.output}`);
    return opened;
  }

  /** Lays settings over those of the stack's file, for all that follows. */
  set(settings: Readonly<Record<string, unknown>>): void {
    const own = Object.entries(settings).map(([key, value]) => [`wsgi-on-aws:${key}`, value]);
    this.#config = { ...this.#config, ...(Object.fromEntries(own) as Record<string, unknown>) };
  }

  up(...more: readonly string[]): Promise<Finished> {
    return this.engine("up", "--yes", "--skip-preview", ...more);
  }

  /** `up`, killed with everything that it started as soon as the condition holds. */
  async killedUp(condition: () => boolean): Promise<Finished> {
    const running = this.#begin(this.#arguments("up", ["--yes", "--skip-preview"]), ROOT);
    while (!condition()) await sleep(50);
    process.kill(-running.pid, "SIGKILL");
    return running.finished;
  }

  /** What people do after a killed `up`. */
  cancel(): Promise<Finished> {
    return this.run(["cancel", "--stack", this.#stack, "--yes"], join(this.#folder, "init"));
  }

  /** Runs a verb of the engine on the stack, with the settings as they are now. */
  engine(verb: string, ...more: readonly string[]): Promise<Finished> {
    return this.engineIn(ROOT, verb, ...more);
  }

  /** The same for the program of another checkout. */
  engineIn(checkout: string, verb: string, ...more: readonly string[]): Promise<Finished> {
    return this.run(this.#arguments(verb, more), checkout);
  }

  /** The state as `pulumi stack export` has it. */
  async export(...more: readonly string[]): Promise<{ deployment: { resources?: ExportedResource[] } }> {
    const { code, output } = await this.run(
      ["stack", "export", "--stack", this.#stack, ...more],
      join(this.#folder, "init"),
    );
    if (code !== 0) throw new Error(output);
    return JSON.parse(output) as { deployment: { resources?: ExportedResource[] } };
  }

  /** The stack's outputs, as far as they are commands to copy. */
  async outputs(): Promise<{ readonly commands: Readonly<Record<string, string>> }> {
    const resources = (await this.export()).deployment.resources ?? [];
    const { outputs } = resources.find(({ type }) => type === "pulumi:pulumi:Stack") ?? {};
    return { commands: (outputs?.["commands"] ?? {}) as Record<string, string> };
  }

  /** Runs the Pulumi CLI. Not in this thread: the services that it calls answer from here. */
  run(args: readonly string[], cwd: string): Promise<Finished> {
    return this.#begin(args, cwd).finished;
  }

  #arguments(verb: string, more: readonly string[]): string[] {
    const file = join(this.#folder, `Pulumi.${this.#stack}.yaml`);
    const salt = readFileSync(join(this.#folder, `init/Pulumi.${this.#stack}.yaml`), "utf8");
    const { encryptionsalt } = parse(salt) as { encryptionsalt: string };
    writeFileSync(file, stringify({ encryptionsalt, config: this.#config }));
    return [verb, "--stack", this.#stack, "--config-file", file, ...more];
  }

  #begin(args: readonly string[], cwd: string) {
    return this.#start("pulumi", [...args, "--non-interactive"], cwd);
  }

  #start(
    program: string,
    args: readonly string[],
    cwd: string,
  ): { readonly pid: number; readonly finished: Promise<Finished> } {
    const child = spawn(program, args, { cwd, env: this.#env, detached: true });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (data: Buffer) => (output += data.toString()));
    const finished = new Promise<Finished>((done, fail) => {
      child.on("error", fail);
      child.on("close", (code) => {
        done({ code: code ?? 1, output });
      });
    });
    return { pid: child.pid ?? 0, finished };
  }

  /** Runs a command of this repository as a user of the stack does, in the same environment. */
  command(name: string, ...args: readonly string[]): Promise<Finished> {
    return this.#start(process.execPath, [inRoot(`commands/${name}.ts`), ...args], ROOT).finished;
  }

  async close(): Promise<void> {
    await this.aws.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** What an account has to have before such a stack: its zone, its certificate, its secrets. */
export function seedFor({ zone, domain, certificateArn, secrets }: EcsSettings): Seed {
  const name = zone?.includes(".") ? zone : domain.split(".").slice(-2).join(".");
  return {
    zones: zone === undefined ? [] : [{ zoneId: zone.includes(".") ? "Z0123456789ABCDEFGHIJ" : zone, name }],
    certificates: certificateArn === undefined ? [] : [{ arn: certificateArn, status: "ISSUED" }],
    secrets: Object.values(secrets).map((reference) => {
      const parts = reference.split(":");
      const [arn, key] = [parts.slice(0, 7).join(":"), parts[7]];
      return { arn, value: key === undefined ? "in-memory" : JSON.stringify({ [key]: "in-memory" }) };
    }),
  };
}
