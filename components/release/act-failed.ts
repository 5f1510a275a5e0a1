/** An act that did not succeed: what it was, and the last lines of its log. */
export class ActFailed extends Error {
  constructor(what: string, log = "") {
    super(log === "" ? what : `${what}\n${lastLines(log)}`);
    this.name = "ActFailed";
    // The engine prints the error with its stack; the reader of a failed deployment needs the log, not our frames.
    this.stack = this.message;
  }
}

/** The last lines of a log, indented, at most `count` of them. */
export function lastLines(log: string, count = 60): string {
  const lines = log.trimEnd().split("\n").slice(-count);
  return lines.map((line) => `    ${line}`).join("\n");
}
