import { createHash } from "node:crypto";
import { chmodSync, copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { dirname, join, posix, resolve } from "node:path";
import { UserError, type Problem } from "../shared/user-error.ts";
import type { Project } from "./project.ts";
import { codeOf } from "./project-files.ts";

/** One file of a build context. */
interface ContextFile {
  /** Path in the context, with `/`. */
  readonly path: string;
  /** File that it is copied from, absolute. */
  readonly source: string;
  /** 0o644, or 0o755 when its owner may execute it: what umask and checkout add says nothing. */
  readonly mode: number;
  readonly sha256: string;
}

export interface Context {
  readonly files: readonly ContextFile[];
  /** Hash of all paths, modes and contents: the same on every machine, whatever its folder, umask or clock. */
  readonly digest: string;
  /** Path of the Dockerfile in the context. */
  readonly dockerfile: string;
}

/** A context on disk, with paths relative to the root, as `docker.Image` takes them: no state holds a checkout's path. */
export interface StagedContext {
  readonly context: string;
  readonly dockerfile: string;
  readonly digest: string;
}

/** What this project adds to every context stands in a folder of its own, so that it meets no file of the user's. */
const OURS = "wsgi-on-aws";
const DOCKERFILE = join(import.meta.dirname, "Dockerfile");
const RUNTIME = join(import.meta.dirname, "runtime");

/**
 * Plans the contexts of both images. With our Dockerfile the project lies below `project/`. With the user's own it lies at
 * the top, so that its COPY lines work as with `docker build .`; `wsgi-on-aws/runtime/` is there for it to copy.
 * The nginx image gets the Dockerfile alone: no change of the application can touch it.
 * @param dockerfile the user's own, relative to the project
 * @throws UserError naming every file that cannot be read
 */
export function planContexts(project: Project, dockerfile?: string): { app: Context; nginx: Context } {
  const problems: Problem[] = [];
  const { files, dependencies } = project;
  const file = (path: string, source: string) => contextFile(path, source, problems);
  const own = dockerfile === undefined ? undefined : posix.normalize(dockerfile);
  const ownSource = own === undefined ? undefined : join(files.folder, own);
  if (ownSource !== undefined && (own?.startsWith("../") || !existsSync(ownSource))) {
    const remedy = "Write its path relative to projectDir, or leave the key out to use ours.";
    throw new UserError([{ where: "dockerfile", what: `the project has no file "${dockerfile ?? ""}".`, remedy }]);
  }

  const top = own === undefined ? "project/" : "";
  const dockerfilePath = own ?? `${OURS}/Dockerfile`;
  const dockerfileOf = file(dockerfilePath, ownSource ?? DOCKERFILE);
  const app = [
    dockerfileOf,
    ...files.paths.filter((path) => path !== own).map((path) => file(top + path, join(files.folder, path))),
    ...runtimeFiles().map((path) => file(`${OURS}/runtime/${path}`, join(RUNTIME, path))),
    ...[...new Set(dependencies?.paths)].map((path) => file(`${OURS}/dependencies/${path}`, join(files.folder, path))),
  ];
  if (problems.length) throw new UserError(problems);
  return { app: toContext(app, dockerfilePath), nginx: toContext([dockerfileOf], dockerfilePath) };
}

/**
 * Plans both contexts and writes them below `.local/context/<stack>/`, changed files only.
 * @throws UserError as `planContexts`
 */
export function stageContexts(
  root: string,
  stack: string,
  project: Project,
  dockerfile?: string,
): { app: StagedContext; nginx: StagedContext } {
  const { app, nginx } = planContexts(project, dockerfile);
  const stage = (context: Context, name: string): StagedContext => {
    const folder = `.local/context/${stack}/${name}`;
    writeOrSay(context, folder, resolve(root, folder));
    return { context: folder, dockerfile: `${folder}/${context.dockerfile}`, digest: context.digest };
  };
  return { app: stage(app, "app"), nginx: stage(nginx, "nginx") };
}

function writeOrSay(context: Context, name: string, folder: string): void {
  try {
    writeContext(context, folder);
  } catch (error) {
    const full = codeOf(error) === "ENOSPC";
    const what = full ? "cannot be written: no space is left on the disk." : `cannot be written (${codeOf(error)}).`;
    const remedy = full ? "Free some, for example with `docker system prune`." : "Make it writable, or remove it.";
    throw new UserError([{ where: name, what, remedy }]);
  }
}

/** Makes a folder hold exactly the files of a context. What is there already stays untouched. */
export function writeContext({ files }: Context, folder: string): void {
  const wanted = new Set(files.map(({ path }) => path));
  const folders = new Set(files.flatMap(({ path }) => parents(path)));
  mkdirSync(folder, { recursive: true });
  for (const path of listAll(folder)) {
    const kept = isFile(join(folder, path)) ? wanted.has(path) : folders.has(path);
    if (!kept) rmSync(join(folder, path), { recursive: true, force: true });
  }
  for (const { path, source, mode, sha256 } of files) {
    const target = join(folder, path);
    if (!isFile(target) || hash(readFileSync(target)) !== sha256) {
      mkdirSync(dirname(target), { recursive: true });
      copyFileSync(source, target);
    }
    if ((statSync(target).mode & 0o777) !== mode) chmodSync(target, mode);
  }
  for (const path of ["", ...folders]) chmodSync(join(folder, path), 0o755); // the umask would hide them from the application's user
}

function toContext(files: readonly ContextFile[], dockerfile: string): Context {
  const sorted = files.toSorted((a, b) => (a.path < b.path ? -1 : 1));
  const lines = sorted.map(({ path, mode, sha256 }) => JSON.stringify([path, mode, sha256]));
  return { files: sorted, digest: hash(lines.join("\n")), dockerfile };
}

function contextFile(path: string, source: string, problems: Problem[]): ContextFile {
  try {
    const mode = statSync(source).mode & 0o100 ? 0o755 : 0o644;
    return { path, source, mode, sha256: hash(readFileSync(source)) };
  } catch (error) {
    problems.push({
      where: source,
      what: `cannot be read (${codeOf(error)}).`,
      remedy: "Make it readable, or name it in .dockerignore.",
    });
    return { path, source, mode: 0o644, sha256: "" };
  }
}

/** The Python package of the image, without what running it leaves behind. */
function runtimeFiles(): string[] {
  return listAll(RUNTIME).filter((path) => path.endsWith(".py"));
}

/** Files and folders below a folder, with `/`. */
function listAll(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" }).map((path) => path.replaceAll("\\", "/"));
}

function parents(path: string): string[] {
  const names = path.split("/").slice(0, -1);
  return names.map((_, index) => names.slice(0, index + 1).join("/"));
}

const isFile = (path: string) => existsSync(path) && statSync(path).isFile();
const hash = (content: string | Buffer) => createHash("sha256").update(content).digest("hex");
