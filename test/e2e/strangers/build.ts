import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gunicornBuild, type BuildOptions } from "../../../components/image/build-arguments.ts";
import { stageContexts } from "../../../components/image/context.ts";
import { readProject } from "../../../components/image/project.ts";
import { docker } from "./docker.ts";

/** What a build needs to know of a project, as the stack's settings would say it. */
export interface ProjectSettings {
  readonly projectDir: string;
  readonly wsgiModule: string;
  readonly options?: Partial<BuildOptions>;
  /** The user's own Dockerfile. */
  readonly dockerfile?: string;
  /** Further flags of `docker build`, for what only a test needs. */
  readonly flags?: readonly string[];
}

export interface Built {
  /** What the build printed. */
  readonly log: string;
  readonly seconds: number;
}

const DEFAULTS: BuildOptions = {
  pythonBase: "debian:13-slim",
  systemPackages: { build: [], run: [] },
  settingsOverlay: true,
  platform: docker(["version", "--format", "{{.Server.Os}}/{{.Server.Arch}}"]).trim(),
  baseRevision: "test",
};

/** Stages a project and builds a target of its image, as a deployment does; the contexts lie in `root`. */
export function buildProject(root: string, settings: ProjectSettings, image: string, target = "gunicorn"): Built {
  const started = Date.now();
  const project = readProject({ root, ...settings });
  const { app } = stageContexts(root, image.replaceAll(/\W/g, "-"), project, settings.dockerfile);
  const { context, dockerfile, args } = gunicornBuild(app, project, { ...DEFAULTS, ...settings.options });
  const buildArgs = Object.entries(args).flatMap(([name, value]) => ["--build-arg", `${name}=${value}`]);
  const file = ["--file", join(root, dockerfile), "--target", target];
  const log = docker(
    [
      "build",
      "--progress=plain",
      ...(settings.flags ?? []),
      ...file,
      "--tag",
      image,
      ...buildArgs,
      join(root, context),
    ],
    undefined,
    "both",
  );
  return { log, seconds: (Date.now() - started) / 1000 };
}

/** A folder outside the repository, and how to remove it. */
export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), "wsgi-on-aws-stranger-"));
}

export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}

/** Writes files by path into a folder. */
export function writeFiles(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
}
