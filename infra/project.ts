import * as pulumi from "@pulumi/pulumi";
import { readProject, type Project } from "../components/image/project.ts";
import { asgiModuleOf } from "./gunicorn.ts";
import { ROOT } from "./paths.ts";
import type { Settings } from "./settings.ts";

/** A project and what is done once for each new version of it. */
export interface DeployedProject extends Project {
  /** Copies the image's static files to where nginx serves them, error pages among them; absent where nothing collects any. */
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
  const project = readProject({ root: ROOT, ...settings, asgiModule: asgiModuleOf(settings) });
  const django = project.framework === "django";
  return {
    ...project,
    ...(django && { publishCommand: [...PUBLISH, ...new Set(Object.values(settings.errorPages))] }),
    releaseCommand: settings.releaseCommand ?? (django ? MIGRATE : []),
  };
}

/** Says where the overlay that the settings ask for cannot be, and what the project has to do instead. */
export function warnOfBypass({ settingsOverlay }: Settings, { overlayBypassed }: Project): void {
  if (!settingsOverlay || overlayBypassed === undefined) return;
  const variables = "ALLOWED_HOSTS, DATABASE_URL, STATIC_ROOT and the others of docs/architecture.md";
  void pulumi.log.warn(
    `settingsOverlay does not work here: ${overlayBypassed}. The project's settings have to read ${variables} themselves; settingsOverlay: false says that they do.`,
  );
}
