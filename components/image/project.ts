import { resolve } from "node:path";
import { UserError, type Problem } from "../shared/user-error.ts";
import { findDependencies, type Dependencies } from "./dependencies.ts";
import { findDjango, type Django } from "./django-project.ts";
import { gunicornVersion, type GunicornVersion } from "./gunicorn-version.ts";
import { fileOfModule, folderOf, inApp, listProjectFiles, type ProjectFiles } from "./project-files.ts";

export type Framework = "django" | "wsgi";

/** What the settings say about a project; names are those of the settings. */
export interface ProjectArgs {
  /** Folder that a relative `projectDir` starts from. */
  readonly root: string;
  readonly projectDir: string;
  /** Module and callable as Gunicorn takes them, `mysite.wsgi` or `mysite.wsgi:application`. */
  readonly wsgiModule: string;
  /** The same for ASGI, where that is served instead of the WSGI module. */
  readonly asgiModule?: string;
  /** Default: django where the project has a manage.py of Django's, else wsgi. */
  readonly framework?: Framework;
  /** Default: the one that the module that is served or manage.py names. */
  readonly settingsModule?: string;
  /** The user's own, which installs what it wants: then nobody asks how the project says what that is. */
  readonly dockerfile?: string;
}

/** A project as it was found, read once. */
export interface Project extends Partial<Django> {
  readonly framework: Framework;
  /** Folder inside the container that Python imports from: `/app`, or `/app/src` and the like. */
  readonly pythonPath: string;
  /** Absent with the user's own Dockerfile. */
  readonly dependencies?: Dependencies;
  readonly gunicorn: GunicornVersion;
  readonly files: ProjectFiles;
}

/**
 * Reads a project folder.
 * @throws UserError with all that is wrong with it, each with the key or file to mend
 */
export function readProject(args: ProjectArgs): Project {
  const files = listProjectFiles(resolve(args.root, args.projectDir), args.projectDir);
  return describeProject(files, args);
}

/** The decisions of `readProject`, on files that are listed already. */
export function describeProject(files: ProjectFiles, args: ProjectArgs): Project {
  const problems: Problem[] = [];
  const dependencies = args.dockerfile === undefined ? findDependencies(files, args.projectDir, problems) : undefined;
  const managePy = findManagePy(files);
  const framework = args.framework ?? (managePy === undefined ? "wsgi" : "django");

  const module = (args.asgiModule ?? args.wsgiModule).split(":", 1)[0] ?? "";
  const places = ["", "src", ...files.paths.filter(isManagePy).map(folderOf)];
  const found = places.flatMap((place) => {
    const file = fileOfModule(files, place, module);
    return file === undefined ? [] : [{ place, file }];
  })[0];
  if (!found) problems.push(noModule(files, args, module));

  let django: Django | undefined;
  if (framework === "django" && managePy === undefined) {
    const remedy = 'Write framework: "wsgi", or point projectDir to the folder of manage.py.';
    problems.push({ where: "framework", what: `"django" needs a manage.py, and ${args.projectDir} has none.`, remedy });
  } else if (framework === "django" && managePy !== undefined && found) {
    django = findDjango(
      files,
      { managePy, servedFile: found.file, place: found.place, settingsModule: args.settingsModule },
      problems,
    );
  }
  if (problems.length || !found) throw new UserError(problems);
  return {
    framework,
    ...django,
    pythonPath: inApp(found.place),
    ...(dependencies && { dependencies }),
    gunicorn: gunicornVersion(files, dependencies),
    files,
  };
}

const isManagePy = (path: string) => /^([^/]+\/)?manage\.py$/.test(path);

/** Django's manage.py, at the top or one folder below; other frameworks have files of this name, too. */
function findManagePy(files: ProjectFiles): string | undefined {
  const candidates = files.paths.filter(isManagePy).sort((a, b) => a.length - b.length);
  return candidates.find((path) => /django|configurations/.test(files.read(path)));
}

function noModule(files: ProjectFiles, args: ProjectArgs, module: string): Problem {
  const [where, names] =
    args.asgiModule === undefined
      ? ["wsgiModule", ["wsgi.py", "app.py"]]
      : ["asgiModule", ["asgi.py", "main.py", "app.py"]];
  const candidates = files.paths.filter((path) => names.includes(path.slice(path.lastIndexOf("/") + 1))).slice(0, 5);
  const modules = candidates.map(
    (path) =>
      `"${path
        .replace(/^src\//, "")
        .replace(/\.py$/, "")
        .replaceAll("/", ".")}"`,
  );
  const what = `${args.projectDir} has no module "${module}".`;
  const remedy = modules.length
    ? `Found: ${modules.join(", ")}.`
    : `No ${names.slice(0, -1).join(", ")} or ${names.at(-1) ?? ""} was found there: is projectDir right?`;
  return { where, what, remedy };
}
