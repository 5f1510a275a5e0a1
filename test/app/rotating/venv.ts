import { join } from "node:path";
import { virtualEnvironment } from "../../virtual-environment.ts";

const ROOT = join(import.meta.dirname, "../../..");

/** Programs that stand for the ones of this machine. */
export const OWN_BIN = join(import.meta.dirname, "bin");
/** How Python finds the sample project, the runtime package and the settings of these tests, in a driver's environment. */
export const APP = join(ROOT, "app");
export const PYTHON_PATH = [
  APP,
  join(ROOT, "components/image/runtime"),
  join(import.meta.dirname, "settings"),
] as const;

/** Django takes psycopg where it can be imported, else psycopg2: this folder, first on the path, makes the import fail. */
export const WITHOUT_PSYCOPG = join(import.meta.dirname, "no-psycopg");

/** Folder of programs of a virtual environment with the sample project, Gunicorn, botocore and both drivers. */
export const environment = (): Promise<string> =>
  virtualEnvironment("rotating", join(import.meta.dirname, "requirements.txt"), join(APP, "requirements.txt"));
