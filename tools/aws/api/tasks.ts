/** A task that runs or ran, as ECS describes it. */
export interface TaskState {
  readonly arn: string;
  readonly definition: string;
  readonly startedBy: string;
  /** The service that started it; absent for a task of its own. */
  readonly service?: string;
  readonly status: "PENDING" | "RUNNING" | "STOPPED";
  readonly stopCode?: string;
  readonly stoppedReason?: string;
  readonly containers: readonly { readonly name: string; readonly exitCode?: number; readonly reason?: string }[];
}

/** What starts a task. */
export interface TaskRequest {
  readonly arn: string;
  readonly definition: string;
  readonly startedBy: string;
  /** Commands that replace those of the definition, by container. */
  readonly commands: Readonly<Record<string, readonly string[]>>;
}

/** Runs tasks, or remembers how they ended. */
export interface Tasks {
  readonly run: (request: TaskRequest) => Promise<void>;
  /** A task of a service that could not run: only its end is known. */
  readonly remember: (state: TaskState, log: readonly string[]) => void;
  readonly all: () => Promise<readonly TaskState[]>;
  /** Lines of a container of a task; undefined when it never wrote any. */
  readonly log: (taskId: string, container: string) => Promise<readonly string[] | undefined>;
  readonly stop: (arn: string) => Promise<void>;
  readonly close: () => Promise<void>;
}
