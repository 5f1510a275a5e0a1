import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { after, before, describe, test, type TestContext } from "node:test";
import { changes, Checkout } from "../checkout.ts";
import { removeFolder, temporaryFolder } from "./build.ts";
import { Deployment } from "../deployment.ts";
import { tryDocker } from "./docker.ts";
import { INSISTING, strangers, type Stranger, type StrangerName } from "./strangers.ts";
import { openToolbox, type Toolbox } from "./toolbox.ts";
import { Visitor } from "../visitor.ts";

const ADMIN = { name: "admin", password: "a-long-Password-1" };
const LONGEST = { timeout: 240_000 };

// One stack for all of them: each project is a new version of it, with the database of the one before.
let checkout: Checkout;
let stack: Deployment;
let tools: Toolbox;
const images = new Set<string>();

before(async () => {
  tools = openToolbox();
  checkout = await Checkout.make("strangers");
  stack = new Deployment(checkout);
}, LONGEST);
after(async () => {
  await checkout.remove();
  tryDocker(["rmi", "--force", tools.image, ...images]);
}, LONGEST);

interface Given extends Stranger {
  readonly folder: string;
  readonly settings: Readonly<Record<string, unknown>>;
}

/** Writes the project into a folder outside the repository, with the settings that point to it. */
function stranger(t: TestContext, name: StrangerName): Given {
  const found: Stranger | undefined = strangers.find((one) => one.name === name);
  assert.ok(found);
  const folder = temporaryFolder();
  t.after(() => {
    removeFolder(folder);
  });
  found.make(folder, tools);
  return { ...found, folder, settings: { projectDir: folder, wsgiModule: found.wsgiModule, ...found.settings } };
}

/** `npm start` with these settings; the page answers afterwards, and nothing was written into the project. */
async function start(
  t: TestContext,
  { folder, page, settings }: Given,
  more: Readonly<Record<string, unknown>> = {},
  env: NodeJS.ProcessEnv = {},
): Promise<string> {
  const listed = () => readdirSync(folder, { recursive: true }).sort();
  const before = listed();
  const started = Date.now();
  const { code, output } = await checkout.start({ ...settings, ...more }, env);
  t.diagnostic(`npm start: ${((Date.now() - started) / 1000).toFixed(1)} s`);
  assert.equal(code, 0, output);
  assert.equal(output.trimEnd().split("\n").at(-1), `ready ${checkout.url}`);
  assert.deepEqual(listed(), before);
  images.add(stack.image());

  const visitor = new Visitor(checkout.port);
  const answer = await visitor.get(page.path);
  assert.equal(answer.status, 200, answer.body);
  assert.ok(answer.body.includes(page.text), answer.body);
  assert.ok((await visitor.get("/healthz/app")).status < 500);
  return output;
}

/** What every Django project gets, whether it asked for it or not. */
async function servesDjango(): Promise<void> {
  const visitor = new Visitor(checkout.port);
  const { body } = await visitor.get("/admin/login/");
  const css = /\/static\/admin\/css\/base\.[0-9a-f]{12}\.css/.exec(body)?.[0];
  assert.ok(css, `no hashed stylesheet in the page: ${body}`);
  const { status, headers } = await visitor.get(css, { "Accept-Encoding": "br, gzip" });
  assert.deepEqual(
    { status, encoding: headers["content-encoding"], cache: headers["cache-control"] },
    { status: 200, encoding: "br", cache: "public, max-age=31536000, immutable" },
  );
  const health = await visitor.get("/healthz/app");
  assert.deepEqual([health.status, health.body], [200, "ok\n"]);
  assert.equal((await visitor.get("/", { Host: "evil.example.com" })).status, 400);
  assert.equal(stack.run("stat", "-c", "%u:%g %a", "/run/gunicorn/gunicorn-1.sock"), "10001:10001 770");
  assert.equal(stack.hasProgram("gcc", "uv", "brotli", "pip"), false);
}

/** Somebody logs in with a form, and the page behind it is theirs. */
async function admitsAdmin(): Promise<Visitor> {
  const visitor = new Visitor(checkout.port);
  assert.equal((await visitor.logIn(ADMIN.name, "wrong")).status, 200);
  const answer = await visitor.logIn(ADMIN.name, ADMIN.password);
  assert.deepEqual([answer.status, answer.headers.location], [302, "/admin/"], answer.body);
  assert.match((await visitor.get("/admin/")).body, /Site administration/);
  return visitor;
}

describe("strangers' projects by npm start", { concurrency: 1 }, () => {
  test("django-admin startproject, with .git, .env, virtual environments and a database lying in it", async (t) => {
    const project = stranger(t, "startproject");
    const secret = { "secrets.DJANGO_SUPERUSER_PASSWORD": "env:ADMIN_PASSWORD" };
    const env = { ADMIN_PASSWORD: ADMIN.password };
    await start(t, project, secret, env);
    await servesDjango();

    const sources = stack.files("/app").filter((path) => !path.endsWith(".pyc"));
    const names = ["asgi", "settings", "urls", "wsgi"].map((name) => `/app/mysite/${name}.py`);
    assert.deepEqual(sources, ["/app/manage.py", "/app/mysite/__init__.py", ...names, "/app/requirements.txt"]);
    const search = ["grep", "-rl", "LEAK", "/app", "/srv", "/opt"];
    assert.equal(tryDocker(["run", "--rm", "--user", "0", stack.image(), ...search]).stdout, "");
    assert.match(stack.run("env", "SITE_SCHEME=https", "python", "manage.py", "check", "--deploy"), /no issues/);

    const created = await checkout.run("manage", [
      ...["createsuperuser", "--noinput", "--username", ADMIN.name, "--email", "admin@example.com"],
    ]);
    assert.equal(created.code, 0, created.output);
    const visitor = await admitsAdmin();

    const container = stack.container("gunicorn-1");
    await start(t, project, { ...secret, "env.VERSION": "1.10" }, env);
    assert.notEqual(stack.container("gunicorn-1"), container);
    assert.equal(stack.run("printenv", "VERSION"), "1.10");
    assert.match((await visitor.get("/admin/")).body, /Site administration/, "the session is in the database");
  });

  test("settings that raise unless five variables are set", async (t) => {
    const project = stranger(t, "insisting-settings");
    const serving = stack.container("gunicorn-1");
    const failed = await checkout.start(project.settings);
    assert.notEqual(failed.code, 0);
    const line = `error: mysite.settings needs environment variables that are not set: ${INSISTING.join(", ")}. Write them under env or secrets in the stack's settings.`;
    assert.ok(failed.output.includes(line), failed.output);
    assert.doesNotMatch(failed.output, /Traceback/);
    assert.equal(stack.container("gunicorn-1"), serving);
    assert.equal((await new Visitor(checkout.port).get("/admin/login/")).status, 200, "the old version serves on");

    const { PAYMENT_KEY = "", ...plain } = project.env ?? {};
    const env = Object.fromEntries(Object.entries(plain).map(([name, value]) => [`env.${name}`, value]));
    await start(t, project, { ...env, "secrets.PAYMENT_KEY": "env:PAYMENT_KEY" }, { PAYMENT_KEY });
    await servesDjango();
    await admitsAdmin();

    const set = Object.entries(plain).flatMap(([name, value]) => ["--env", `${name}=${value}`]);
    const one = tryDocker(["run", "--rm", ...set, stack.image(), "python", "manage.py", "check"]);
    assert.equal(one.status, 4);
    assert.match(one.stderr, /^error: .* not set: PAYMENT_KEY\. /m);
  });

  test("a package whose JavaScript names a source map that is not there", async (t) => {
    await start(t, stranger(t, "lost-source-map"));
    await servesDjango();
    const statics = stack.files("/srv/static-build/lostmap").join("\n");
    assert.match(statics, /\/lib\.[0-9a-f]{12}\.js\.br$/m);
    assert.match(statics, /\/lib\.[0-9a-f]{12}\.css$/m);
  });

  test("psycopg2 built from source, with PostgreSQL", async (t) => {
    await start(t, stranger(t, "psycopg2-from-source"));
    await servesDjango();
    assert.match(stack.run("python", "-c", "import psycopg2; print(psycopg2.__libpq_version__)"), /^\d{6}$/);
    const engine = "from django.db import connection; print(connection.vendor)";
    const { code, output } = await checkout.run("manage", ["shell", "--verbosity", "0", "--command", engine]);
    assert.deepEqual([code, output], [0, "postgresql\n"]);
  });

  test("pyproject.toml with uv.lock, back on SQLite with all that it held", async (t) => {
    await start(t, stranger(t, "uv-lock"));
    await servesDjango();
    assert.equal(stack.run("python", "-c", "import django; print(django.__version__)"), "5.2.19");
    await admitsAdmin();
  });

  test("src/ with split settings that insist on https", async (t) => {
    await start(t, stranger(t, "src-layout"));
    await servesDjango();
    assert.deepEqual(
      [stack.run("printenv", "WSGI_ON_AWS_SETTINGS"), stack.run("printenv", "PYTHONPATH"), stack.run("pwd")],
      ["config.settings.production", "/app/src", "/app/src"],
    );
    await admitsAdmin();
  });

  test("Flask has neither migrations nor static files", async (t) => {
    await start(t, stranger(t, "flask"));
    assert.equal((await new Visitor(checkout.port).get("/healthz/app")).status, 404, "an answer all the same");
    assert.deepEqual(stack.files("/srv/static-build"), []);
    const release = stack.resources().filter((name) => /^host-(release-|static)/.test(name));
    assert.deepEqual([...new Set(release)], ["host-release-proven"]);
  });

  test("a Dockerfile of the user's own", async (t) => {
    await start(t, stranger(t, "own-dockerfile"));
    assert.equal(stack.hasProgram("/venv/bin/gunicorn"), false);
    assert.match(stack.run("gunicorn", "--version"), /^gunicorn \(version 2\d\./);
  });

  test("settingsOverlay: false with settings that lack what it gives", async (t) => {
    const failed = await checkout.start({ ...stranger(t, "startproject").settings, settingsOverlay: false });
    assert.notEqual(failed.code, 0);
    const line = `the settings have no STATIC_ROOT, and the environment is not laid over them (settingsOverlay). Write STATIC_ROOT = os.environ["STATIC_ROOT"] there.`;
    assert.ok(failed.output.includes(line), failed.output);
    assert.match((await new Visitor(checkout.port).get("/")).body, /Hello from Debian/, "the old version serves on");
  });

  test("a project that the overlay cannot reach works as its own settings say, and one line says so", async (t) => {
    const project = stranger(t, "self-reliant");
    const warning = "settingsOverlay does not work here: mysite/wsgi.py sets DJANGO_SETTINGS_MODULE itself";
    const output = await start(t, project);
    assert.ok(output.includes(warning), output);
    const visitor = await admitsAdmin();
    assert.equal((await visitor.get("/static/admin/css/base.css")).headers["cache-control"], "max-age=2592000");
    assert.match((await visitor.get("/nowhere")).body, /DEBUG = True/, "its own DEBUG");
    assert.equal((await visitor.get("/", { Host: "evil.example.com" })).status, 400, "its own ALLOWED_HOSTS");

    const args = ["--silent", "plan", "--", "--json", ...checkout.settings(project.settings)];
    const plan = spawnSync("npm", ["run", ...args], { cwd: checkout.root, encoding: "utf8" });
    assert.equal((JSON.parse(plan.stdout) as { stack: string }).stack, "local", "a warning is no part of the plan");
    assert.ok(plan.stderr.includes(warning), plan.stderr);

    const off = await start(t, project, { settingsOverlay: false });
    assert.ok(!off.includes(warning), off);
    assert.deepEqual(Object.keys(changes(off)), ["unchanged"], "it was off already");
  });

  test("no command has changed a file of the repository", () => {
    assert.equal(checkout.gitStatus(), "");
  });
});
