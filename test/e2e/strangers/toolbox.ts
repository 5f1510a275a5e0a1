import { buildProject, removeFolder, temporaryFolder, writeFiles } from "./build.ts";
import { unpackFrom } from "./docker.ts";

// Each test file is a process of its own and removes its own tag; the layers are shared.
const IMAGE = `wsgi-on-aws-stranger-tools-${process.pid}`;

export const DJANGO = "Django==5.2.19";

/** Django's and uv's command line, from the build stage of our own Dockerfile: nothing is installed on this machine. */
export interface Toolbox {
  /** `django-admin startproject` into a folder. */
  readonly startProject: (name: string, folder: string) => void;
  /** `uv lock` for a pyproject.toml, into its folder. */
  readonly lock: (pyproject: string, folder: string) => void;
  /** The image that they come from. */
  readonly image: string;
}

export function openToolbox(): Toolbox {
  const root = temporaryFolder();
  writeFiles(root, { "requirements.txt": `${DJANGO}\n`, "app.py": "" });
  buildProject(root, { projectDir: ".", wsgiModule: "app" }, IMAGE, "dependencies");
  removeFolder(root);
  return {
    image: IMAGE,
    startProject: (name, folder) => {
      unpackFrom(IMAGE, `mkdir /tmp/p; /venv/bin/django-admin startproject ${name} /tmp/p; tar -C /tmp/p -c .`, folder);
    },
    lock: (pyproject, folder) => {
      const script =
        "mkdir /tmp/p; cd /tmp/p; cat >pyproject.toml; UV_PYTHON=/venv/bin/python /opt/uv/bin/uv lock --quiet; tar -c pyproject.toml uv.lock";
      unpackFrom(IMAGE, script, folder, pyproject);
    },
  };
}
