import { createHash } from "node:crypto";
import type { WorkerClass } from "../gunicorn/sizing.ts";
import type { StagedContext } from "./context.ts";
import type { Project } from "./project.ts";
import { folderOf, inApp } from "./project-files.ts";

/** How an image is built; names are those of the settings. */
export interface BuildOptions {
  readonly pythonBase: string;
  readonly systemPackages: { readonly build: readonly string[]; readonly run: readonly string[] };
  /** Python package index. Default: PyPI. */
  readonly packageIndex?: string;
  /** Certificates (PEM) that the build trusts besides the base image's; see extra-ca.ts. */
  readonly extraCaPem?: string;
  readonly settingsOverlay: boolean;
  /** Gunicorn's worker class, where it may need packages of its own. Default: one that needs none. */
  readonly workerClass?: WorkerClass;
  /** What the application needs to reach a database of RDS; absent where it has none. */
  readonly rds?: {
    /** Certificates (PEM) of the region; see rds-ca.ts. */
    readonly caPem: string;
    /** Whether the settings overlay reads the password that RDS rotates. */
    readonly rotatedPassword: boolean;
  };
  /** As `linux/amd64`. */
  readonly platform: string;
  /** Content of the file base-revision; see base-revision.ts. */
  readonly baseRevision: string;
}

/** What one `docker build` needs: `docker.Image` takes it as it is. */
export interface ImageBuild {
  readonly context: string;
  readonly dockerfile: string;
  readonly target: "gunicorn" | "nginx";
  readonly platform: string;
  readonly args: Readonly<Record<string, string>>;
  /** Hash of all of it and of the context: what is built under one tag is one thing, whenever and wherever. */
  readonly tag: string;
}

/** Where the image keeps the certificates of RDS. */
export const RDS_CA_FILE = "/opt/wsgi-on-aws/rds-ca.pem";

/** Worker classes that need more than Gunicorn; the Dockerfile knows what. For the others image and tag are the same. */
const NEEDS_PACKAGES: readonly string[] = ["gevent", "uvicorn"] satisfies readonly WorkerClass[];

const OVERLAY = "wsgi_on_aws.settings";

/** Whether the environment is laid over the project's settings: asked for, and possible. */
export function hasOverlay(project: Project, settingsOverlay: boolean): boolean {
  return settingsOverlay && project.framework === "django" && project.overlayBypassed === undefined;
}

/** The application's image. */
export function gunicornBuild(context: StagedContext, project: Project, options: BuildOptions): ImageBuild {
  const { systemPackages, packageIndex = "", extraCaPem = "", workerClass = "" } = options;
  const { managePy = "", settingsModule = "" } = project;
  const overlay = hasOverlay(project, options.settingsOverlay);
  return withTag(context, "gunicorn", options, {
    PYTHON_BASE: options.pythonBase,
    BUILD_PACKAGES: systemPackages.build.join(" "),
    RUN_PACKAGES: systemPackages.run.join(" "),
    EXTRA_CA_PEM: extraCaPem,
    PACKAGE_INDEX: packageIndex,
    RDS_CA_PEM: options.rds?.caPem ?? "",
    ROTATED_PASSWORD: options.rds?.rotatedPassword ? "true" : "",
    WORKER_CLASS: NEEDS_PACKAGES.includes(workerClass) ? workerClass : "",
    PYTHON_PATH: project.pythonPath,
    // Relative paths in settings start where `manage.py` stands, and `python manage.py` finds it there.
    WORK_DIR: managePy ? inApp(folderOf(managePy)) : project.pythonPath,
    MANAGE_PY: managePy,
    DJANGO_SETTINGS_MODULE: overlay ? OVERLAY : settingsModule,
    WSGI_ON_AWS_SETTINGS: overlay ? settingsModule : "",
  });
}

/** nginx's image: nothing of the application is in it, so no setting of the application changes it. */
export function nginxBuild(
  context: StagedContext,
  options: Pick<BuildOptions, "platform" | "baseRevision">,
): ImageBuild {
  return withTag(context, "nginx", options, {});
}

function withTag(
  { context, dockerfile, digest }: StagedContext,
  target: ImageBuild["target"],
  { platform, baseRevision }: Pick<BuildOptions, "platform" | "baseRevision">,
  given: Record<string, string>,
): ImageBuild {
  const all = Object.entries({ ...given, BASE_REVISION: baseRevision }).filter(([, value]) => value !== "");
  const args = Object.fromEntries(all.toSorted(([a], [b]) => (a < b ? -1 : 1)));
  const tag = createHash("sha256")
    .update(JSON.stringify([digest, target, platform, args]))
    .digest("hex")
    .slice(0, 16);
  return { context, dockerfile, target, platform, args, tag };
}
