import { resolve } from "node:path";

/** The repository: settings name paths relative to it, wherever the program is started from. */
export const ROOT = resolve(import.meta.dirname, "..");

/** A path of the settings, absolute or relative to the repository, as an absolute one. */
export const inRepository = (path: string): string => resolve(ROOT, path);
