import { posix } from "node:path";
import type { Problem } from "../shared/user-error.ts";
import type { ProjectFiles } from "./project-files.ts";

/** How a project says what to install. */
export type DependencyKind = "requirements" | "uv-lock";

export interface Dependencies {
  readonly kind: DependencyKind;
  /** Files that decide what is installed: they make a layer of their own, so that a change of code installs nothing. */
  readonly paths: readonly string[];
}

/**
 * Finds a project's dependencies: `uv.lock` with its pyproject.toml, else `requirements.txt`. The lock goes first, for it
 * names every package with its hash; a requirements.txt beside it is usually its copy for other tools.
 * Problems are pushed, not thrown, so that a user sees them all at once.
 */
export function findDependencies(files: ProjectFiles, projectDir: string, problems: Problem[]): Dependencies {
  const has = (path: string) => files.paths.includes(path);
  if (has("uv.lock") && has("pyproject.toml")) return { kind: "uv-lock", paths: ["pyproject.toml", "uv.lock"] };
  if (has("requirements.txt"))
    return { kind: "requirements", paths: withIncluded(files, "requirements.txt", problems) };

  const other = files.paths.find((path) => /^requirements\/(prod|production|base)[\w-]*\.txt$/.test(path));
  problems.push(
    has("pyproject.toml")
      ? {
          where: `${projectDir}/pyproject.toml`,
          what: "has no uv.lock beside it, so nobody knows which versions belong together.",
          remedy: "Run `uv lock` in the project, or write a requirements.txt.",
        }
      : {
          where: projectDir,
          what: "has neither a requirements.txt nor a pyproject.toml with uv.lock.",
          remedy: other
            ? `Write a requirements.txt with the line "-r ${other}".`
            : "Write a requirements.txt that names Django (or what you use).",
        },
  );
  return { kind: "requirements", paths: [] };
}

/** A requirements file and all that it leads to: other files (-r, -c) and packages that lie in the project. */
function withIncluded(files: ProjectFiles, path: string, problems: Problem[], seen = new Set<string>()): string[] {
  if (seen.has(path)) return [];
  seen.add(path);
  const found = [path];
  for (const [index, raw] of files.read(path).split(/\r?\n/).entries()) {
    const line = raw.replace(/(^|\s)#.*$/, "").trim();
    const where = `${path}, line ${index + 1}`;
    const included = /^(?:-r|-c|--requirement|--constraint)[\s=]*(\S+)$/.exec(line)?.[1];
    const editable = /^(?:-e|--editable)[\s=]*(\S+)$/.exec(line)?.[1];
    const local = /^(?:(?:-f|--find-links)[\s=]*)?(\.{1,2}(?:\/[^\s[]*)?)(?:\[.*|\s.*)?$/.exec(line)?.[1];
    if (included !== undefined && !included.includes("://")) {
      const target = posix.join(posix.dirname(path), included);
      if (files.paths.includes(target)) found.push(...withIncluded(files, target, problems, seen));
      else
        problems.push({
          where,
          what: `names ${included}, which is not among the staged files.`,
          remedy: "Add the file, or mend .dockerignore.",
        });
    } else if ((editable !== undefined && !editable.includes("://")) || local === "." || local === "./") {
      const remedy = "Leave the line out (the project's folder is on the path of Python), or name a folder without -e.";
      problems.push({
        where,
        what: `installs the project itself or an editable package ("${line}"), which an image has no use for.`,
        remedy,
      });
    } else if (local !== undefined) {
      // pip and uv take such paths from the working folder, which is the top of the project.
      const folder = posix.normalize(local).replace(/\/$/, "");
      const below = files.paths.filter((file) => file === folder || file.startsWith(`${folder}/`));
      if (below.length) found.push(...below);
      else
        problems.push({
          where,
          what: `names ${local}, which is not among the staged files.`,
          remedy: "Add it, or leave the line out.",
        });
    }
  }
  return found;
}
