import type { Problem } from "../shared/user-error.ts";
import { fileOfModule, type ProjectFiles } from "./project-files.ts";

/** What a project of Django has besides. */
export interface Django {
  /** Path of manage.py in the project. */
  readonly managePy: string;
  /** The project's own settings. */
  readonly settingsModule: string;
  /** Why the overlay cannot lie over these settings; absent when it can. */
  readonly overlayBypassed?: string;
}

const NAMES_SETTINGS = /DJANGO_SETTINGS_MODULE["']\s*(?:,|\]\s*=)\s*["']([\w.]+)["']/;
const SETS_SETTINGS = /environ\s*\[\s*["']DJANGO_SETTINGS_MODULE["']\s*\]\s*=/;
/** django-configurations: settings are a class, which only its own start-up code can read. */
const CLASS_SETTINGS = /^\s*(from|import)\s+configurations\b/m;

interface Place {
  readonly managePy: string;
  /** File of the WSGI module, or of the ASGI module where that is served. */
  readonly servedFile: string;
  /** Folder that Python imports from. */
  readonly place: string;
  readonly settingsModule?: string;
}

/** Finds the settings module: as the stack's settings say, else as the module that is served or manage.py names it. */
export function findDjango(files: ProjectFiles, at: Place, problems: Problem[]): Django | undefined {
  const starters = [at.servedFile, at.managePy];
  const named = starters.map((path) => NAMES_SETTINGS.exec(files.read(path))?.[1]).find((name) => name !== undefined);
  const settingsModule = at.settingsModule ?? named;
  const candidates = files.paths.filter((path) => /(^|\/)settings(\.py|\/(?!__init__)\w+\.py)$/.test(path)).slice(0, 5);
  const remedy = `Write settingsModule${candidates.length ? `; found: ${candidates.join(", ")}` : ""}.`;

  if (settingsModule === undefined) {
    problems.push({ where: "settingsModule", what: `neither ${at.servedFile} nor ${at.managePy} names it.`, remedy });
    return undefined;
  }
  if (fileOfModule(files, at.place, settingsModule) === undefined) {
    const from = at.settingsModule === undefined ? ` (named in ${starters.join(" or ")})` : "";
    problems.push({ where: "settingsModule", what: `there is no module "${settingsModule}"${from}.`, remedy });
    return undefined;
  }
  const django = { managePy: at.managePy, settingsModule };
  for (const path of starters) {
    const text = files.read(path);
    if (CLASS_SETTINGS.test(text)) return { ...django, overlayBypassed: `${path} uses django-configurations` };
    if (SETS_SETTINGS.test(text)) {
      return {
        ...django,
        overlayBypassed: `${path} sets DJANGO_SETTINGS_MODULE itself; with os.environ.setdefault it would let the image choose`,
      };
    }
  }
  return django;
}
