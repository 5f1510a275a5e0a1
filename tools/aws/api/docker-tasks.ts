import { spawnSync } from "node:child_process";
import { RDS_CA_FILE } from "../../../components/image/build-arguments.ts";
import { hex } from "../ids.ts";
import type { Place } from "../record.ts";
import { containersOf } from "../records/container-checks.ts";
import { DEFINITION } from "../records/ecs.ts";
import { docker } from "./docker-cli.ts";
import { environmentOf, runArguments } from "./docker-container.ts";
import { DockerDatabase } from "./docker-database.ts";
import { runTask, type RunningTask } from "./docker-service.ts";
import type { TaskRequest, Tasks, TaskState } from "./tasks.ts";

const LABEL = "wsgi-on-aws.in-memory-aws";

/** Runs tasks of one container for real, on this machine's Docker engine: the image that was pushed, its command, its secrets. */
export class DockerTasks implements Tasks {
  readonly #place: Place;
  readonly #instance = hex(8);
  readonly #network = `in-memory-aws-${this.#instance}`;
  readonly #database: DockerDatabase;
  readonly #started: { readonly request: TaskRequest; readonly container: string; readonly id: string }[] = [];
  #served = 0;
  readonly #remembered = new Map<string, { readonly state: TaskState; readonly log: readonly string[] }>();

  constructor(place: Place) {
    this.#place = place;
    docker("network", "create", "--label", `${LABEL}=${this.#instance}`, this.#network);
    this.#database = new DockerDatabase(place, this.#own);
    this.gateway = docker("network", "inspect", "--format", "{{(index .IPAM.Config 0).Gateway}}", this.#network);
  }

  /** Address of this machine for containers. */
  readonly gateway: string;
  /** Where containers reach the services of AWS. */
  api = "";

  get #own(): string[] {
    return ["--network", this.#network, "--label", `${LABEL}=${this.#instance}`];
  }

  /** What ECS gives to every container: region, credentials of the task role, a way to AWS; and whom to trust as RDS. */
  get #options(): string[] {
    const env = {
      AWS_REGION: this.#place.region,
      AWS_ENDPOINT_URL: this.api,
      AWS_ACCESS_KEY_ID: "task-role",
      AWS_SECRET_ACCESS_KEY: "task-role",
    };
    return [
      ...this.#own,
      ...Object.entries(env).flatMap(([name, value]) => ["--env", `${name}=${value}`]),
      ...(this.#database.authority === "" ? [] : ["--volume", `${this.#database.authority}:${RDS_CA_FILE}:ro`]),
    ];
  }

  async run(request: TaskRequest): Promise<void> {
    const definition = this.#place.world.get(DEFINITION, request.definition);
    const [container, ...others] = definition ? containersOf(definition.properties) : [];
    if (container === undefined || others.length > 0) throw new Error("only tasks of one container run here");
    await this.#database.ready();
    const env = environmentOf(container, this.#place);
    const volumes = (volume: string) => `${this.#network}-${this.#started.length}-${volume}`;
    const command = request.commands[container.name ?? ""];
    const id = docker("run", "--detach", ...this.#options, ...runArguments(container, env, volumes, command), env);
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

  /** All containers of a service's task, for real; what `close` removes. */
  async serve(definition: string): Promise<RunningTask> {
    await this.#database.ready();
    return runTask(this.#place, definition, `${this.#network}-service-${this.#served++}`, this.#options);
  }

  /** RDS's rotation of the password that it manages. */
  rotatePassword(): void {
    this.#database.rotate();
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
    this.#database.close();
    const volumes = docker("volume", "ls", "--quiet", "--filter", `name=${this.#network}-`).split("\n").filter(Boolean);
    if (volumes.length > 0) docker("volume", "rm", ...volumes);
    return Promise.resolve();
  }
}
