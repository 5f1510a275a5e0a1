import type { Dependencies } from "./dependencies.ts";
import type { ProjectFiles } from "./project-files.ts";

/** The Gunicorn of an image: the one that we install, the project's own, or nobody knows. */
export type GunicornVersion = "ours" | "unknown" | `${number}.${number}.${number}`;

/**
 * What a project's files say of its Gunicorn. Without a word of it the image gets ours (components/image/Dockerfile).
 * @param dependencies absent with the user's own Dockerfile, which installs what it wants
 */
export function gunicornVersion(files: ProjectFiles, dependencies: Dependencies | undefined): GunicornVersion {
  if (!dependencies) return "unknown";
  const named = dependencies.paths.map((path) => files.read(path)).filter((text) => NAMED.test(text));
  if (named.length === 0) return "ours";
  const pinned = named.map((text) => PINNED.exec(text) ?? LOCKED.exec(text)).map((found) => found?.[1]);
  return (pinned.find((version) => version !== undefined) as GunicornVersion | undefined) ?? "unknown";
}

const NAMED = /^\s*(gunicorn\b|name = "gunicorn"$)/im;
const PINNED = /^\s*gunicorn(?:\[[\w,-]*\])?\s*==\s*(\d+\.\d+\.\d+)\b/im;
const LOCKED = /^name = "gunicorn"\nversion = "(\d+\.\d+\.\d+)"/m;
