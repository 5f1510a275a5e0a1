import { readProject, type Project } from "../components/image/project.ts";
import { ROOT } from "./paths.ts";
import type { Settings } from "./settings.ts";

/** A project and what is done once for each new version of it. */
export interface DeployedProject extends Project {
  /** Copies the image's static files to where nginx serves them; absent where nothing collects any. */
  readonly publishCommand?: readonly string[];
  /** Runs before a new version serves; empty for none. */
  readonly releaseCommand: readonly string[];
}

const MIGRATE = ["python", "manage.py", "migrate", "--noinput"];
const PUBLISH = ["python", "-m", "wsgi_on_aws.publish_static"];

/**
 * The project that the settings point to.
 * @throws UserError with all that is wrong with it
 */
export function projectOf(settings: Settings): DeployedProject {
  const project = readProject({ root: ROOT, ...settings });
  const django = project.framework === "django";
  return {
    ...project,
    ...(django && { publishCommand: PUBLISH }),
    releaseCommand: settings.releaseCommand ?? (django ? MIGRATE : []),
  };
}
