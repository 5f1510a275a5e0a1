import { readFileSync } from "node:fs";
import { UserError, type Problem } from "../shared/user-error.ts";

/**
 * The values behind `env:NAME` and `file:path` references, read on this machine when the stack is deployed.
 * @param references each under the configuration key that it stands at
 * @param resolve turns a path of the settings into an absolute one
 * @throws UserError naming every reference that leads nowhere
 */
export function readSecretReferences(
  references: Readonly<Record<string, string>>,
  resolve: (path: string) => string,
): Record<string, string> {
  const problems: Problem[] = [];
  const values: Record<string, string> = {};
  for (const [name, reference] of Object.entries(references)) {
    const found = reference.startsWith("env:")
      ? fromEnvironment(reference.slice(4))
      : fromFile(resolve(reference.slice(5)));
    if (typeof found === "string") values[name] = found;
    else problems.push({ where: name, ...found });
  }
  if (problems.length) throw new UserError(problems);
  return values;
}

type Found = string | Omit<Problem, "where">;

function fromEnvironment(variable: string): Found {
  return (
    process.env[variable] ?? {
      what: `the environment variable ${variable} is not set.`,
      remedy: `Set it where you run the command, or write "file:path".`,
    }
  );
}

function fromFile(path: string): Found {
  try {
    return readFileSync(path, "utf8").replace(/\r?\n$/, "");
  } catch (error) {
    const reason = error instanceof Error && "code" in error ? String(error.code) : String(error);
    return {
      what: `the file ${path} cannot be read (${reason}).`,
      remedy: "Write the path of a file that holds the value.",
    };
  }
}
