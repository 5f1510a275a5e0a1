import { spawnSync } from "node:child_process";
import { hex } from "../ids.ts";
import type { Place } from "../record.ts";
import { containersOf, type Container } from "../records/container-checks.ts";
import { DEFINITION } from "../records/ecs.ts";
import { SECRET_VERSION } from "../records/secrets-manager.ts";
import { DockerDatabase } from "./docker-database.ts";
import type { TaskRequest, Tasks, TaskState } from "./tasks.ts";

const LABEL = "wsgi-on-aws.in-memory-aws";

/** Runs tasks of one container for real, on this machine's Docker engine: the image that was pushed, its command, its secrets. */
export class DockerTasks implements Tasks {
  readonly #place: Place;
  readonly #instance = hex(8);
  readonly #network = `in-memory-aws-${this.#instance}`;
  readonly #database: DockerDatabase;
  readonly #started: { readonly request: TaskRequest; readonly container: string; readonly id: string }[] = [];
  readonly #remembered = new Map<string, { readonly state: TaskState; readonly log: readonly string[] }>();

  constructor(place: Place) {
    this.#place = place;
    docker("network", "create", "--label", `${LABEL}=${this.#instance}`, this.#network);
    this.#database = new DockerDatabase(place, this.#network, `${LABEL}=${this.#instance}`);
  }

  async run(request: TaskRequest): Promise<void> {
    const definition = this.#place.world.get(DEFINITION, request.definition);
    const [container, ...others] = definition ? containersOf(definition.properties) : [];
    if (container === undefined || others.length > 0) throw new Error("only tasks of one container run here");
    await this.#database.ready();
    const env = { ...this.#plain(container), ...this.#secrets(container) };
    const arguments_ = [
      "run",
      "--detach",
      ...["--network", this.#network, "--label", `${LABEL}=${this.#instance}`],
      ...[
        "--user",
        container.user ?? "0",
        "--read-only",
        "--cap-drop",
        "ALL",
        "--memory",
        `${container.memory ?? 512}m`,
      ],
      ...(container.mountPoints ?? []).flatMap(({ containerPath = "" }) => ["--tmpfs", `${containerPath}:mode=1777`]),
      ...Object.keys(env).flatMap((name) => ["--env", name]),
      container.image ?? "",
      ...(request.commands[container.name ?? ""] ?? container.command ?? []),
    ];
    const id = docker(...arguments_.map(String), env);
    this.#started.push({ request, container: container.name ?? "", id });
  }

  remember(state: TaskState, log: readonly string[]): void {
    this.#remembered.set(state.arn.split("/").at(-1) ?? "", { state, log });
  }

  all(): Promise<readonly TaskState[]> {
    const started = this.#started.map(({ request, container, id }): TaskState => {
      const [running = "", exitCode = ""] = docker(
        "inspect",
        "--format",
        "{{.State.Running}} {{.State.ExitCode}}",
        id,
      ).split(" ");
      const { arn, definition, startedBy } = request;
      if (running === "true")
        return { arn, definition, startedBy, status: "RUNNING", containers: [{ name: container }] };
      return {
        arn,
        definition,
        startedBy,
        status: "STOPPED",
        stopCode: "EssentialContainerExited",
        stoppedReason: "Essential container in task exited",
        containers: [{ name: container, exitCode: Number(exitCode) }],
      };
    });
    return Promise.resolve([...started, ...[...this.#remembered.values()].map(({ state }) => state)]);
  }

  log(taskId: string, container: string): Promise<readonly string[] | undefined> {
    const started = this.#started.find(
      ({ request, container: name }) => request.arn.endsWith(`/${taskId}`) && name === container,
    );
    if (started) {
      const { stdout, stderr } = spawnSync("docker", ["logs", started.id], { encoding: "utf8" });
      const written = (stdout + stderr).trimEnd();
      return Promise.resolve(written === "" ? [] : written.split("\n"));
    }
    return Promise.resolve(this.#remembered.get(taskId)?.log);
  }

  stop(arn: string): Promise<void> {
    const started = this.#started.find(({ request }) => request.arn === arn);
    if (started) docker("stop", "--time", "5", started.id);
    return Promise.resolve();
  }

  /** Output of a query in the stack's database. */
  query(sql: string): string {
    return this.#database.query(sql);
  }

  close(): Promise<void> {
    const all = docker("ps", "--all", "--quiet", "--filter", `label=${LABEL}=${this.#instance}`)
      .split("\n")
      .filter(Boolean);
    if (all.length > 0) docker("rm", "--force", "--volumes", ...all);
    docker("network", "rm", this.#network);
    return Promise.resolve();
  }

  #plain({ environment = [] }: Container): Record<string, string> {
    return Object.fromEntries(environment.map(({ name = "", value }) => [name, String(value)]));
  }

  /** As ECS does it when a task starts: `arn`, or `arn:key::` for one key of a JSON secret. */
  #secrets({ secrets = [] }: Container): Record<string, string> {
    const { world, seed } = this.#place;
    return Object.fromEntries(
      secrets.map(({ name = "", valueFrom = "" }) => {
        const parts = valueFrom.split(":");
        const [arn, key] = [parts.slice(0, 7).join(":"), parts[7]];
        const stored = world.all(SECRET_VERSION).find(({ properties }) => properties["secretId"] === arn);
        const value = stored
          ? String(stored.properties["secretString"])
          : (seed.secrets ?? []).find((each) => each.arn === arn)?.value;
        if (value === undefined) throw new Error(`no value of ${arn}`);
        return [name, key ? String((JSON.parse(value) as Record<string, unknown>)[key]) : value];
      }),
    );
  }
}

/** Output of a Docker command; an object behind the arguments is laid over its environment. */
export function docker(...all: readonly (string | Readonly<Record<string, string>>)[]): string {
  const args = all.filter((each) => typeof each === "string");
  const env = Object.assign({}, process.env, ...all.filter((each) => typeof each === "object")) as NodeJS.ProcessEnv;
  const { status, stdout, stderr } = spawnSync("docker", args, { encoding: "utf8", env });
  if (status !== 0) throw new Error(`docker ${args[0] ?? ""}: ${stderr}`);
  return stdout.trim();
}
