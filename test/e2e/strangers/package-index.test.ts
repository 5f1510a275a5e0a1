import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { after, before, describe, test } from "node:test";
import { buildProject, removeFolder, temporaryFolder, writeFiles } from "./build.ts";
import { AppContainer, gunicorn } from "./container.ts";
import { docker, tryDocker } from "./docker.ts";
import { openToolbox, type Toolbox } from "./toolbox.ts";

const dockerfile = readFileSync(join(import.meta.dirname, "../../../components/image/Dockerfile"), "utf8");
const pinned = (name: string) => new RegExp(`^ARG ${name}=(.*)$`, "m").exec(dockerfile)?.[1] ?? "";
const MIRRORED = [`uv==${pinned("UV_VERSION")}`, `gunicorn==${pinned("GUNICORN_VERSION")}`, "sqlparse==0.5.3"];
const HOST = "packages.example.test";
const URL = `https://${HOST}:8443/simple/`;
const CONTAINER = "wsgi-on-aws-stranger-index";
const IMAGE = "wsgi-on-aws-stranger-closed";

const root = temporaryFolder();
const project = temporaryFolder();
let tools: Toolbox;
let index: { address: string; ca: string };

const log = () => {
  const { stdout, stderr } = tryDocker(["logs", CONTAINER]);
  return stdout + stderr;
};

before(async () => {
  tools = openToolbox();
  const script = readFileSync(join(import.meta.dirname, "package-index.py"), "utf8");
  tryDocker(["rm", "--force", CONTAINER]);
  docker(["run", "--detach", "--name", CONTAINER, tools.image, "/venv/bin/python", "-c", script, HOST, ...MIRRORED]);
  for (let tries = 0; tries < 600 && !log().includes("serving"); tries++) await sleep(100);
  const address = /serving at (\S+)/.exec(log())?.[1];
  const ca = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/.exec(log())?.[0];
  assert.ok(address && ca, log());
  index = { address, ca };
});
after(() => {
  tryDocker(["rm", "--force", CONTAINER]);
  tryDocker(["rmi", "--force", IMAGE, tools.image]);
  for (const folder of [root, project]) removeFolder(folder);
});

const build = (extraCaPem?: string) =>
  buildProject(
    root,
    {
      projectDir: project,
      wsgiModule: "app:app",
      options: { packageIndex: URL, extraCaPem },
      flags: ["--add-host", `${HOST}:${index.address}`],
    },
    IMAGE,
  );

describe("behind a company's index and CA", { concurrency: 1 }, () => {
  test("without the CA the build ends with the reason", () => {
    writeFiles(project, { "requirements.txt": "onlyhere==1.0\n", "app.py": "from onlyhere import app\n" });
    assert.throws(() => build(), /certificate/i);
  });

  test("requirements come from the index, and the image keeps no trace of it", async () => {
    const { log: printed } = build(index.ca);
    using container = new AppContainer(IMAGE, gunicorn("app:app"));
    await container.healthy();
    assert.equal(container.get("/").body, "only here");

    const certificate = index.ca.split("\n")[1] ?? "";
    assert.equal(certificate.length, 64);
    for (const trace of [HOST, index.address, certificate]) {
      const told = printed + docker(["history", "--no-trunc", IMAGE]) + docker(["image", "inspect", IMAGE]);
      assert.ok(!told.includes(trace), trace);
      const search = ["grep", "-rlF", "--exclude-dir=proc", "--exclude-dir=sys", trace, "/"];
      assert.equal(tryDocker(["run", "--rm", "--user", "0", "--entrypoint", "", IMAGE, ...search]).stdout, "", trace);
    }
  });

  test("a lock's hashes hold and its addresses are not asked", () => {
    tools.lock(
      '[project]\nname = "p"\nversion = "1"\nrequires-python = ">=3.12"\ndependencies = ["sqlparse==0.5.3"]\n',
      project,
    );
    const lock = readFileSync(join(project, "uv.lock"), "utf8");
    assert.ok(!lock.includes(HOST));
    build(index.ca);
    assert.match(log(), /"GET \/simple\/sqlparse\/ /);

    writeFiles(project, { "uv.lock": lock.replaceAll(/sha256:[0-9a-f]{4}/g, "sha256:0000") });
    assert.throws(() => build(index.ca), /hash/i);
  });
});
