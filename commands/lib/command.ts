import { parseArgs, type ParseArgsOptionsConfig } from "node:util";
import { resolve } from "node:path";
import { UserError } from "../../components/shared/user-error.ts";

/** The repository. */
export const ROOT = resolve(import.meta.dirname, "../..");

/** Paths under the repository, as `.local/state`. */
export const inRoot = (path: string): string => resolve(ROOT, path);

/** Options that several commands share, for `node:util`'s parseArgs. */
export const options = {
  stack: { type: "string", default: "local" },
  set: { type: "string", multiple: true, default: [] as string[] },
  json: { type: "boolean", default: false },
} satisfies ParseArgsOptionsConfig;

/** Parses the command line; an unknown option is an error that shows the usage. */
export function parse<const T extends ParseArgsOptionsConfig>(usage: string, known: T) {
  try {
    return parseArgs<{ options: T; strict: true }>({ options: known, strict: true });
  } catch (error) {
    const what = error instanceof Error ? error.message.split(". ")[0] : String(error);
    throw new UserError([{ where: "command line", what: `${what ?? ""}.`, remedy: `Usage: ${usage}` }]);
  }
}

/**
 * Runs a command to its exit code. A `UserError` is shown as it is; anything else is a bug and keeps its stack.
 * The exit code is set, not forced: what is still being written gets out.
 */
export async function main(command: () => Promise<number>): Promise<void> {
  try {
    process.exitCode = await command();
  } catch (error) {
    if (error instanceof UserError) {
      for (const { where, what, remedy } of error.problems)
        console.error(`error: ${where}: ${what} ${remedy}`.trimEnd());
    } else {
      console.error(error);
    }
    process.exitCode = 1;
  }
}
