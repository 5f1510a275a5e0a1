import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { UserError, type Problem } from "../shared/user-error.ts";
import { neverStaged, parseDockerignore, VIRTUAL_ENVIRONMENT_MARK } from "./ignore-rules.ts";

/** Files of a project that go into its image, as sorted paths relative to it with `/`. */
export interface ProjectFiles {
  /** The project's folder, absolute. */
  readonly folder: string;
  readonly paths: readonly string[];
  /** Text of one of these files. */
  readonly read: (path: string) => string;
}

/**
 * Lists what of a project folder goes into its image: all but what `.dockerignore` and the rules of ignore-rules.ts leave out.
 * @param projectDir the folder as the user wrote it, for messages
 * @throws UserError when there is no such folder, or when it holds symbolic links: their targets differ from machine to
 *   machine, and an image would silently hold something else
 */
export function listProjectFiles(folder: string, projectDir: string): ProjectFiles {
  const dockerignore = join(folder, ".dockerignore");
  const problems: Problem[] = [];
  const paths: string[] = [];

  const remedy = "Write the folder of your project, absolute or relative to the repository.";
  if (!existsSync(folder)) {
    throw new UserError([{ where: "projectDir", what: `the folder "${projectDir}" does not exist.`, remedy }]);
  }
  if (!statSync(folder).isDirectory()) {
    throw new UserError([{ where: "projectDir", what: `"${projectDir}" is not a folder.`, remedy }]);
  }
  const rules = parseDockerignore(existsSync(dockerignore) ? readFileSync(dockerignore, "utf8") : "");

  const visit = (below: string) => {
    for (const entry of entriesOf(join(folder, below), below || projectDir, problems)) {
      const path = below ? `${below}/${entry.name}` : entry.name;
      if (neverStaged(entry.name, !entry.isFile())) continue; // a link may stand for a folder
      const ignored = rules.ignores(path);
      if (entry.isDirectory()) {
        const environment = existsSync(join(folder, path, VIRTUAL_ENVIRONMENT_MARK));
        if (!environment && !(ignored && rules.final)) visit(path);
      } else if (ignored) {
        continue;
      } else if (entry.isSymbolicLink()) {
        const remedy = "Put the file itself there, or name the link in .dockerignore.";
        problems.push({
          where: join(projectDir, path),
          what: "is a symbolic link, which an image cannot follow.",
          remedy,
        });
      } else if (entry.isFile()) {
        paths.push(path);
      }
    }
  };
  visit("");
  if (problems.length) throw new UserError(problems);
  return { folder, paths: paths.sort(), read: (path) => readFileSync(join(folder, path), "utf8") };
}

function entriesOf(folder: string, name: string, problems: Problem[]) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    problems.push({
      where: name,
      what: `cannot be read (${codeOf(error)}).`,
      remedy: "It has to be a folder that you may read.",
    });
    return [];
  }
}

/** `EACCES` and the like, for messages. */
export function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : String(error);
}

/** File of a Python module below a folder of the project. */
export function fileOfModule(files: ProjectFiles, place: string, module: string): string | undefined {
  const stem = (place ? `${place}/` : "") + module.replaceAll(".", "/");
  return [`${stem}.py`, `${stem}/__init__.py`].find((path) => files.paths.includes(path));
}

/** Folder of a path, `""` at the top. */
export const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf("/")));
/** Where a folder of the project lies in the container. */
export const inApp = (folder: string): string => (folder ? `/app/${folder}` : "/app");
