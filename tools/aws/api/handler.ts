export type Input = Readonly<Record<string, unknown>>;
export type Answer = Readonly<Record<string, unknown>>;

/** One service: what it does for each operation. */
export type Handler = Readonly<Record<string, (input: Input) => Answer | Promise<Answer>>>;

export interface Call {
  readonly operation: string;
  readonly input: Input;
}

/** What goes wrong, as a test wants it. */
export interface Faults {
  /** Tasks of services whose definition contains this text stop with exit code 3. */
  failing?: string;
  /** With this reason they do not even start, as `CannotPullContainerError: …`: they have no exit code and no log. */
  cannotStart?: string;
  /** Questions that a rollout takes longer than it needs to. */
  slow?: number;
  /** Questions during which ECS goes back after a failed rollout. Default: 0, it has gone back before anybody asks again. */
  slowRollback?: number;
  /** The next service that is asked for has been deleted by somebody else. */
  deleted?: boolean;
  /** Fargate has no room for another task. */
  noCapacity?: boolean;
  /** Calls that are throttled from now on. */
  throttle?: number;
  /** Credentials have expired. */
  expired?: boolean;
  /** Operations that the caller may not use. */
  denied?: string[];
  /** Account of the caller's credentials, where it is another one. */
  account?: string;
}

/** An error with AWS's name for it. */
export class AwsError extends Error {
  constructor(name: string, message: string) {
    super(message);
    this.name = name;
  }
}

/** Now, in AWS's own notation: seconds, with fractions. */
export const now = (): number => Date.now() / 1000;
