import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { buildProject, removeFolder, temporaryFolder, writeFiles } from "./build.ts";
import { docker, tryDocker } from "./docker.ts";

const IMAGE = "wsgi-on-aws-stranger-worker-packages";
const root = temporaryFolder();
const project = temporaryFolder();

after(() => {
  for (const folder of [root, project]) removeFolder(folder);
  tryDocker(["rmi", "--force", IMAGE]);
});

/** Builds a project with these requirements; answers with the versions of packages in its image. */
function versionsWith(requirements: string, workerClass: "gevent" | "uvicorn" | "sync"): Record<string, string> {
  writeFiles(project, { "requirements.txt": `${requirements}\n`, "app.py": "def app(environ, start): ...\n" });
  buildProject(root, { projectDir: project, wsgiModule: "app:app", options: { workerClass } }, IMAGE);
  const script = `import importlib.metadata as m, json
print(json.dumps({d.name.lower(): d.version for d in m.distributions()}))`;
  return JSON.parse(docker(["run", "--rm", IMAGE, "python", "-c", script])) as Record<string, string>;
}

describe("packages of a worker class", { concurrency: 1 }, () => {
  test("come where the project has none, and its own versions stay", () => {
    const found = versionsWith("gevent==26.8.0", "gevent");
    assert.equal(found["gevent"], "26.8.0");
    assert.ok(found["packaging"], "gunicorn's gevent class does not start without it");
    assert.equal(found["uvicorn"], undefined);
  });

  test("are of nobody else's image", () => {
    assert.deepEqual(Object.keys(versionsWith("sqlparse==0.5.3", "sync")).sort(), ["gunicorn", "sqlparse"]);
  });

  test("stop the build where the project's own version is too old, by name", () => {
    assert.throws(() => versionsWith("uvicorn==0.34.0", "uvicorn"), /uvicorn-worker\S+ depends on uvicorn>=/);
  });
});
