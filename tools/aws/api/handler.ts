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
  /** Tasks whose definition contains this text stop with exit code 3. */
  failing?: string;
  /** Questions that a rollout takes longer than it needs to. */
  slow?: number;
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
