import { arch } from "node:process";
import { readBaseRevision } from "../components/image/base-revision.ts";
import { gunicornBuild, nginxBuild, type BuildOptions, type ImageBuild } from "../components/image/build-arguments.ts";
import { stageContexts } from "../components/image/context.ts";
import { readExtraCa } from "../components/image/extra-ca.ts";
import type { Project } from "../components/image/project.ts";
import { inRepository, ROOT } from "./paths.ts";
import type { Settings } from "./settings.ts";

/** Docker's name for the processor that the images run on: this machine's, or that of the tasks. */
function platformOf(settings: Settings): string {
  const arm = settings.host === "ecs" ? settings.architecture === "arm64" : arch === "arm64";
  return `linux/${arm ? "arm64" : "amd64"}`;
}

/**
 * How the stack's two images are built, with their contexts staged below `.local/context/`.
 * @throws UserError when a file of the project, the Dockerfile or the certificates cannot be used
 */
export function imagesOf(
  stack: string,
  settings: Settings,
  project: Project,
  rds?: BuildOptions["rds"],
): { gunicorn: ImageBuild; nginx: ImageBuild } {
  const { extraCaFile } = settings;
  const options = {
    ...settings,
    platform: platformOf(settings),
    baseRevision: readBaseRevision(),
    ...(rds && { rds }),
    ...(extraCaFile !== undefined && { extraCaPem: readExtraCa(inRepository(extraCaFile)) }),
  };
  const staged = stageContexts(ROOT, stack, project, settings.dockerfile);
  return { gunicorn: gunicornBuild(staged.app, project, options), nginx: nginxBuild(staged.nginx, options) };
}
