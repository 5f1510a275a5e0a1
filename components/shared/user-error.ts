/** One thing a user wrote that cannot be used: where it stands, what is wrong with it, what to write instead. */
export interface Problem {
  /** The configuration key, or the file, as the user knows it: `paths./api/.cache`, `requirements.txt`. */
  readonly where: string;
  /** What is wrong, in one sentence without the key. */
  readonly what: string;
  /** What to write instead. */
  readonly remedy: string;
}

/**
 * An error that its reader can mend. Commands print its message without a stack trace and end with exit code 1;
 * anything else that is thrown is a bug of this project and keeps its stack.
 */
export class UserError extends Error {
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(problems.map(({ where, what, remedy }) => `${where}: ${what} ${remedy}`).join("\n"));
    this.name = "UserError";
    this.problems = problems;
  }
}
