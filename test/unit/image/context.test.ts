import assert from "node:assert/strict";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { test, type TestContext } from "node:test";
import { planContexts, stageContexts } from "../../../components/image/context.ts";
import { readProject } from "../../../components/image/project.ts";
import { UserError } from "../../../components/shared/user-error.ts";
import { folderWith } from "./files.ts";

const FLASK = { "requirements.txt": "Flask\n", "app.py": "app = 1\n", "pkg/run.sh": "#!/bin/sh\n" };

const read = (folder: string, dockerfile?: string) =>
  readProject({ root: "/", projectDir: folder, wsgiModule: "app", dockerfile });
const plan = (folder: string, dockerfile?: string) => planContexts(read(folder, dockerfile), dockerfile);
const paths = (folder: string, dockerfile?: string) => plan(folder, dockerfile).app.files.map(({ path }) => path);
const outside = (all: readonly string[]) => all.filter((path) => !path.startsWith("wsgi-on-aws/runtime/"));

test("the context holds the project, its dependencies, the runtime package and the Dockerfile", (t) => {
  const all = paths(folderWith(t, FLASK));
  assert.deepEqual(outside(all), [
    "project/app.py",
    "project/pkg/run.sh",
    "project/requirements.txt",
    "wsgi-on-aws/Dockerfile",
    "wsgi-on-aws/dependencies/requirements.txt",
  ]);
  assert.ok(all.includes("wsgi-on-aws/runtime/wsgi_on_aws/healthcheck.py"));
});

test("secrets, databases, environments and ignored files stay out, whatever .dockerignore brings back", (t) => {
  const folder = folderWith(t, {
    ...FLASK,
    ".dockerignore": "docs\n!.env\n!.git/config\n!db.sqlite3\n",
    ".env": "x",
    ".env.prod": "x",
    ".git/config": "x",
    "db.sqlite3": "x",
    "docs/a.md": "x",
    "my-env/pyvenv.cfg": "x",
    "my-env/lib/x.py": "x",
    "deep/down/venv/x.py": "x",
    "deep/down/.git": "gitdir: x",
    "deep/down/__pycache__/x.pyc": "x",
  });
  assert.deepEqual(
    outside(paths(folder)).filter((path) => path.startsWith("project/")),
    ["project/app.py", "project/pkg/run.sh", "project/requirements.txt"],
  );
});

test("with a Dockerfile of one's own the project lies at the top", (t) => {
  const folder = folderWith(t, {
    ...FLASK,
    "docker/Dockerfile": "FROM scratch AS nginx\n",
    ".dockerignore": "docker\n",
  });
  const { app, nginx } = plan(folder, "./docker/Dockerfile");
  assert.equal(app.dockerfile, "docker/Dockerfile");
  assert.deepEqual(outside(app.files.map(({ path }) => path)), [
    "app.py",
    "docker/Dockerfile",
    "pkg/run.sh",
    "requirements.txt",
  ]);
  assert.deepEqual(
    nginx.files.map(({ path }) => path),
    ["docker/Dockerfile"],
  );
});

for (const [dockerfile, what] of [
  ["Dockerfile.prod", /^dockerfile: the project has no file "Dockerfile\.prod"/],
  ["../Dockerfile", /^dockerfile: the project has no file "\.\.\/Dockerfile"/],
] as const) {
  test(`the missing Dockerfile ${dockerfile} is named`, (t) => {
    assert.throws(
      () => plan(folderWith(t, FLASK), dockerfile),
      (error) => error instanceof UserError && what.test(error.message),
    );
  });
}

test("symbolic links are refused by name, all at once, unless they lie in what is ignored", (t) => {
  const folder = folderWith(t, { ...FLASK, ".dockerignore": "data\n", "data/x": "x", "venv/x": "x" });
  symlinkSync("/etc/passwd", join(folder, "data/link"));
  symlinkSync("/etc/passwd", join(folder, "venv/python"));
  symlinkSync("/usr", join(folder, ".venv"));
  symlinkSync("/usr", join(folder, "node_modules"));
  assert.equal(outside(paths(folder)).length, 5);
  symlinkSync("/etc/passwd", join(folder, "pkg/link"));
  symlinkSync("/etc", join(folder, "folder-link"));
  assert.throws(
    () => read(folder),
    (error) => {
      assert.ok(error instanceof UserError);
      assert.deepEqual(
        error.problems.map(({ where }) => where),
        [join(folder, "folder-link"), join(folder, "pkg/link")],
      );
      return true;
    },
  );
});

test("the digest knows content, names and the executable bit, and nothing of folder, umask, time or order", (t) => {
  const digest = (folder: string) => plan(folder).app.digest;
  const first = folderWith(t, FLASK);
  const before = process.umask(0o077);
  const second = folderWith(t, Object.fromEntries(Object.entries(FLASK).reverse()));
  process.umask(before);
  for (const path of Object.keys(FLASK)) utimesSync(join(second, path), 1, 1);
  assert.notEqual(
    statSync(join(first, "app.py")).mode,
    statSync(join(second, "app.py")).mode,
    "the umask must have had an effect",
  );
  assert.equal(digest(first), digest(second));

  chmodSync(join(second, "pkg/run.sh"), 0o700);
  const executable = digest(second);
  assert.notEqual(executable, digest(first));
  chmodSync(join(first, "pkg/run.sh"), 0o755);
  assert.equal(digest(first), executable);
  writeFileSync(join(first, "app.py"), "app = 2\n");
  assert.notEqual(digest(first), executable);
});

test("no change of the application changes the context of nginx", (t) => {
  const folder = folderWith(t, FLASK);
  const before = plan(folder);
  writeFileSync(join(folder, "app.py"), "app = 2\n");
  const after = plan(folder);
  assert.notEqual(after.app.digest, before.app.digest);
  assert.deepEqual(after.nginx, before.nginx);
  assert.deepEqual(
    after.nginx.files.map(({ path }) => path),
    ["wsgi-on-aws/Dockerfile"],
  );
});

const modes = (folder: string) =>
  readdirSync(folder, { recursive: true, encoding: "utf8" }).map((name) => statSync(join(folder, name)).mode & 0o777);

function stagedIn(t: TestContext, umask: number) {
  const project = folderWith(t, FLASK);
  const root = folderWith(t, {});
  const before = process.umask(umask);
  try {
    const { app } = stageContexts(root, "local", read(project));
    return { project, root, app, folder: join(root, app.context) };
  } finally {
    process.umask(before);
  }
}

test("staging gives paths relative to the root and modes that no umask changes", (t) => {
  const { app, folder } = stagedIn(t, 0o077);
  assert.equal(app.context, ".local/context/local/app");
  assert.equal(app.dockerfile, ".local/context/local/app/wsgi-on-aws/Dockerfile");
  assert.deepEqual([...new Set(modes(folder))].sort(), [0o644, 0o755]);
  assert.equal(statSync(join(folder, "project")).mode & 0o777, 0o755);
  assert.equal(statSync(join(folder, "project/app.py")).mode & 0o777, 0o644);
});

test("staging again writes changed files only, and removes what is gone", (t) => {
  const { project, root, folder } = stagedIn(t, 0o022);
  const kept = join(folder, "project/requirements.txt");
  utimesSync(kept, 1, 1);
  mkdirSync(join(folder, "project/stray"));
  writeFileSync(join(folder, "project/stray/file"), "x");
  writeFileSync(join(project, "app.py"), "app = 2\n");
  chmodSync(join(project, "pkg/run.sh"), 0o755);
  stageContexts(root, "local", read(project));
  assert.equal(statSync(kept).mtimeMs, 1000);
  assert.equal(existsSync(join(folder, "project/stray")), false);
  assert.equal(readFileSync(join(folder, "project/app.py"), "utf8"), "app = 2\n");
  assert.equal(statSync(join(folder, "project/pkg/run.sh")).mode & 0o777, 0o755);
});

test("staging replaces a file by a folder and a folder by a file", (t) => {
  const { project, root, folder } = stagedIn(t, 0o022);
  const tests: readonly [gone: string, path: string][] = [
    ["pkg", "pkg"],
    ["pkg", "pkg/sub/module.py"],
  ];
  for (const [gone, path] of tests) {
    rmSync(join(project, gone), { recursive: true });
    mkdirSync(dirname(join(project, path)), { recursive: true });
    writeFileSync(join(project, path), "x");
    stageContexts(root, "local", read(project));
    assert.equal(readFileSync(join(folder, "project", path), "utf8"), "x");
  }
});
