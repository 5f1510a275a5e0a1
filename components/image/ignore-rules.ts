import ignore from "ignore";

/** Folders that never belong into an image, by name, at any depth. A virtual environment of another name is known by its pyvenv.cfg. */
const FOLDERS = new Set([
  ...[".git", ".hg", ".svn"],
  ...[".venv", "venv", "node_modules", "__pycache__"],
  ".local", // this repository's own working folder, where a project is the repository itself
  ...[".tox", ".nox", ".mypy_cache", ".pytest_cache", ".ruff_cache", ".idea", ".vscode"],
]);

/** Files (or folders) of these names: secrets, databases and what programs leave behind. */
const NAMES = [
  /^\.git$/, // a file in a worktree or submodule
  /^\.env(\..*)?$/,
  /^\.envrc$/,
  /\.(sqlite3?|db)(-(journal|wal|shm))?$/,
  /\.py[co]$/,
  /^\.DS_Store$/,
  /^\.dockerignore$/, // obeyed here; what is staged needs it no more
];

/** Marks the root of a virtual environment: https://docs.python.org/3/library/venv.html */
export const VIRTUAL_ENVIRONMENT_MARK = "pyvenv.cfg";

/** Whether something of this name never gets into an image, whatever the project says. */
export function neverStaged(name: string, isFolder: boolean): boolean {
  return (isFolder && FOLDERS.has(name)) || NAMES.some((pattern) => pattern.test(name));
}

export interface IgnoreRules {
  /** Whether a path, relative to the project and with `/`, is left out. */
  readonly ignores: (path: string) => boolean;
  /** Whether nothing below an ignored folder can come back. */
  readonly final: boolean;
}

/**
 * The rules of a .dockerignore: patterns are relative to its folder, a pattern takes what is below a folder with it, the
 * last one that matches decides, `!` brings back (https://docs.docker.com/build/concepts/context/#dockerignore-files).
 */
export function parseDockerignore(text: string): IgnoreRules {
  const rules = text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => {
      const negated = line.startsWith("!");
      // Git's patterns match at any depth unless they begin with a slash; Docker's never do.
      const pattern = line
        .replace(/^!\s*/, "")
        .replace(/^(\.?\/)+/, "")
        .replace(/\/+$/, "");
      const matcher = ignore({ ignorecase: false }).add(`/${pattern}`);
      return { negated, matches: (path: string) => pattern !== "" && (pattern === "." || matcher.ignores(path)) };
    });
  return {
    ignores: (path) => rules.findLast(({ matches }) => matches(path))?.negated === false,
    final: rules.every(({ negated }) => !negated),
  };
}
