import assert from "node:assert/strict";
import { after, before, describe, test, type TestContext } from "node:test";
import { buildProject, removeFolder, temporaryFolder, type Built } from "./build.ts";
import { AppContainer, gunicorn, runOnce } from "./container.ts";
import { docker, tryDocker } from "./docker.ts";
import { INSISTING, strangers, type Stranger } from "./strangers.ts";
import { openToolbox, type Toolbox } from "./toolbox.ts";

const root = temporaryFolder();
let tools: Toolbox;
const images: string[] = [];

before(() => {
  tools = openToolbox();
  images.push(tools.image);
});
after(() => {
  removeFolder(root);
  if (images.length) tryDocker(["rmi", "--force", ...images]);
});

/** Makes and builds the stranger, serves it as a host does, and hands both to further checks. */
async function serve(
  t: TestContext,
  name: string,
  more: (container: AppContainer, built: Built, stranger: Stranger) => void,
): Promise<void> {
  const stranger = strangers.find((one) => one.name === name);
  assert.ok(stranger);
  const folder = temporaryFolder();
  t.after(() => {
    removeFolder(folder);
  });
  stranger.make(folder, tools);

  const built = buildProject(root, { ...stranger, projectDir: folder }, `wsgi-on-aws-stranger-${name}`);
  images.push(built.image);
  const megabytes = Number(docker(["image", "inspect", "--format", "{{.Size}}", built.image])) / 1e6;
  t.diagnostic(`built in ${built.seconds.toFixed(1)} s, ${megabytes.toFixed(0)} MB`);

  using container = new AppContainer(built.image, gunicorn(stranger.wsgiModule), stranger.env);
  await container.healthy();
  const answer = container.get(stranger.page.path);
  assert.equal(answer.status, 200, answer.body);
  assert.ok(answer.body.includes(stranger.page.text), answer.body);
  assert.equal(container.run("stat", "-c", "%U:%G %a", "/run/gunicorn/gunicorn-1.sock").trim(), "app:app 770");
  assert.equal(container.run("stat", "-c", "%u:%g %a", "/run/gunicorn").trim(), "10001:10001 2750");
  if (built.project.framework === "django") {
    assert.match(container.run("python", "manage.py", "check"), /no issues/);
    assert.equal(container.get("/healthz", "10.1.2.3").body, "ok\n", "/healthz must answer whatever the Host is");
    assert.equal(container.get("/", "evil.example.com").status, 400);
  }
  more(container, built, stranger);
}

const files = (container: AppContainer, folder: string) =>
  container.run("find", folder, "-type", "f").trim().split("\n").sort();

describe("strangers' projects", { concurrency: 1 }, () => {
  test("django-admin startproject, with .git, .env, virtual environments and a database lying in it", async (t) => {
    await serve(t, "startproject", (container, built) => {
      const names = ["asgi", "settings", "urls", "wsgi"].map((name) => `/app/mysite/${name}.py`);
      const sources = files(container, "/app").filter((path) => !path.endsWith(".pyc"));
      assert.deepEqual(sources, ["/app/manage.py", "/app/mysite/__init__.py", ...names, "/app/requirements.txt"]);
      assert.equal(
        tryDocker(["run", "--rm", "--user", "0", built.image, "grep", "-rl", "LEAK", "/app", "/srv", "/opt"]).stdout,
        "",
      );

      const statics = files(container, "/srv/static-build");
      const css = statics.find((path) => /\/admin\/css\/base\.[0-9a-f]{12}\.css$/.test(path));
      assert.ok(css, statics.join("\n"));
      assert.ok(statics.includes(`${css}.gz`) && statics.includes(`${css}.br`));
      assert.ok(
        container.get("/admin/login/").body.includes(css.replace("/srv/static-build/", "/static/")),
        "pages name hashed files",
      );
      for (const path of statics.filter((name) => /\.(gz|br)$/.test(name))) {
        assert.ok(statics.includes(path.slice(0, -3)), path);
      }

      const deploy = runOnce(built.image, ["python", "manage.py", "check", "--deploy", "--fail-level", "WARNING"], {
        SITE_SCHEME: "https",
      });
      assert.equal(deploy.status, 0, deploy.stderr);
      container.run("python", "manage.py", "migrate", "--no-input", "--verbosity", "0");
      assert.ok(files(container, "/srv/data").includes("/srv/data/db.sqlite3"));
      assert.equal(
        tryDocker([
          "exec",
          container.name,
          "sh",
          "-c",
          "command -v gcc || command -v uv || command -v brotli || command -v pip",
        ]).stdout,
        "",
      );
    });
  });

  test("Flask", async (t) => {
    await serve(t, "flask", (container, built) => {
      assert.equal(built.project.framework, "wsgi");
      assert.equal(
        container.get("/healthz").status,
        404,
        "a 404 is an answer: the health check above took it for life",
      );
      assert.equal(container.run("find", "/srv/static-build", "-type", "f"), "");
    });
  });

  test("settings that raise unless five variables are set", async (t) => {
    await serve(t, "insisting-settings", (_, built, { wsgiModule, env = {} }) => {
      const named = /placeholders at build, to be set under env or secrets: (.*)/.exec(built.log)?.[1];
      assert.deepEqual(named?.split(", "), [...INSISTING]);

      const none = runOnce(built.image, gunicorn(wsgiModule));
      assert.equal(none.status, 4);
      const lines = none.stderr.split("\n").filter((line) => line.startsWith("error: "));
      const expected = `error: mysite.settings needs environment variables that are not set: ${INSISTING.join(", ")}. Write them under env or secrets in the stack's settings.`;
      assert.deepEqual([...new Set(lines)], [expected]);
      assert.ok(!none.stderr.includes("Traceback"), none.stderr);

      const four = Object.fromEntries(Object.entries(env).filter(([variable]) => variable !== "SITE_OWNER"));
      const one = runOnce(built.image, ["python", "manage.py", "migrate"], four);
      assert.equal(one.status, 4);
      assert.match(one.stderr, /^error: .* not set: SITE_OWNER\. /m);
    });
  });

  test("a package whose JavaScript names a source map that is not there", async (t) => {
    await serve(t, "lost-source-map", (container) => {
      const statics = files(container, "/srv/static-build/lostmap");
      assert.ok(
        statics.some((path) => /lib\.[0-9a-f]{12}\.js\.br$/.test(path)),
        statics.join("\n"),
      );
      assert.ok(
        statics.some((path) => /lib\.[0-9a-f]{12}\.css$/.test(path)),
        statics.join("\n"),
      );
    });
  });

  test("psycopg2 built from source", async (t) => {
    await serve(t, "psycopg2-from-source", (container) => {
      assert.match(container.run("python", "-c", "import psycopg2; print(psycopg2.__libpq_version__)"), /^\d{6}\n$/);
      assert.equal(tryDocker(["exec", container.name, "sh", "-c", "command -v gcc"]).stdout, "");
    });
  });

  test("pyproject.toml with uv.lock", async (t) => {
    await serve(t, "uv-lock", (container, built) => {
      assert.equal(built.project.dependencies.kind, "uv-lock");
      assert.equal(container.run("python", "-c", "import django; print(django.__version__)"), "5.2.19\n");
    });
  });

  test("src/ with split settings that insist on https", async (t) => {
    await serve(t, "src-layout", (container, built) => {
      const { pythonPath, managePy, settingsModule } = built.project;
      assert.deepEqual(
        { pythonPath, managePy, settingsModule },
        { pythonPath: "/app/src", managePy: "src/manage.py", settingsModule: "config.settings.production" },
      );
      assert.equal(container.get("/admin/login/").headers.location, undefined);
    });
  });
});
