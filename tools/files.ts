import { createHash } from "node:crypto";
import {
  accessSync,
  constants,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { basename, delimiter, dirname, join, relative, resolve } from "node:path";
import type { Site } from "./part.ts";

const ORIGIN = "origin.txt";

/**
 * Makes a folder once: `make` fills a temporary one beside it, which is then renamed. Two runs at the same time both work,
 * and the first to end wins; a killed run leaves nothing that looks finished.
 *
 * @param origin where the content comes from, for people; `describeKept` shows it.
 */
export async function keep(folder: string, origin: string, make: (temporary: string) => Promise<void>): Promise<void> {
  if (existsSync(folder)) return;
  mkdirSync(dirname(folder), { recursive: true });
  const temporary = mkdtempSync(join(dirname(folder), `.${basename(folder)}-`));
  try {
    await make(temporary);
    writeFileSync(join(temporary, ORIGIN), origin);
    renameSync(temporary, folder);
  } catch (error) {
    if (!existsSync(join(folder, ORIGIN))) throw error;
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

/** `.local/tools/pulumi/3.259.0 (built from the Go module)`. */
export function describeKept(site: Site, folder: string): string {
  return `${relative(site.root, folder)} (${readFileSync(join(folder, ORIGIN), "utf8")})`;
}

/** Points a symbolic link to `target`, whatever was there before; in one step, so that a reader always finds one or the other. */
export function link(path: string, target: string): void {
  if (isLinkTo(path, target)) return;
  replaceBy(path, (temporary) => {
    symlinkSync(target, temporary);
  });
}

export function isLinkTo(path: string, target: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true && readlinkSync(path) === target;
}

/** An executable that starts a TypeScript file of this checkout with the Node that runs now. */
export function launcher(script: string): string {
  return `#!/bin/sh\n# Written by tools/ of this checkout.\nexec "${process.execPath}" "${script}" "$@"\n`;
}

export function isLauncher(path: string): boolean {
  return existsSync(path) && statSync(path).size < 4096 && readFileSync(path, "utf8").includes("# Written by tools/");
}

export function writeExecutable(path: string, text: string): void {
  replaceBy(path, (temporary) => {
    writeFileSync(temporary, text, { mode: 0o755 });
  });
}

function replaceBy(path: string, make: (temporary: string) => void): void {
  mkdirSync(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}`;
  rmSync(temporary, { force: true });
  make(temporary);
  renameSync(temporary, path);
}

/** Every executable of this name on PATH, in order, without those that `tools/` put there itself. */
export function allOnPath(site: Site, name: string): string[] {
  const folders = (site.env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  const others = folders.map((folder) => resolve(folder)).filter((folder) => folder !== site.bin); // else links to themselves
  return [...new Set(others)].map((folder) => join(folder, name)).filter(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** Twelve hexadecimal digits of everything in these files and folders. */
export function digestOf(...paths: readonly string[]): string {
  const hash = createHash("sha256");
  const add = (path: string): void => {
    const isFolder = statSync(path).isDirectory();
    hash.update(`${basename(path)}\0`);
    if (isFolder) for (const name of readdirSync(path).sort()) add(join(path, name));
    else hash.update(readFileSync(path)).update("\0");
  };
  for (const path of paths) add(path);
  return hash.digest("hex").slice(0, 12);
}

/** Whether a dotted version is `floor` or newer. */
export function isAtLeast(version: string, floor: string): boolean {
  return version.localeCompare(floor, "en", { numeric: true }) >= 0;
}
