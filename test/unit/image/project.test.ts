import assert from "node:assert/strict";
import { test } from "node:test";
import { readProject, type ProjectArgs } from "../../../components/image/project.ts";
import { UserError } from "../../../components/shared/user-error.ts";
import { folderWith } from "./files.ts";

type Files = Readonly<Record<string, string>>;
type Args = Partial<Omit<ProjectArgs, "root" | "projectDir">>;

const manage = (module: string) =>
  `import os\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "${module}")\nfrom django.core.management import execute_from_command_line\n`;
const wsgi = (module: string) => `import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', '${module}')\n`;
const DJANGO = {
  "requirements.txt": "Django\n",
  "manage.py": manage("mysite.settings"),
  "mysite/settings.py": "",
  "mysite/wsgi.py": wsgi("mysite.settings"),
};
const SRC = {
  "requirements.txt": "Django\n",
  "src/manage.py": manage("config.settings.local"),
  "src/config/settings/base.py": "",
  "src/config/settings/local.py": "",
  "src/config/settings/production.py": "",
  "src/config/wsgi.py": wsgi("config.settings.production"),
};
const FLASK = { "requirements.txt": "Flask\n", "app.py": "" };
const { "src/manage.py": srcManage, ...srcRest } = SRC;

const found: readonly [name: string, files: Files, args: Args, expected: object][] = [
  [
    "startproject",
    DJANGO,
    { wsgiModule: "mysite.wsgi:application" },
    { framework: "django", managePy: "manage.py", settingsModule: "mysite.settings", pythonPath: "/app" },
  ],
  [
    "src/ with manage.py in it",
    SRC,
    { wsgiModule: "config.wsgi" },
    {
      framework: "django",
      managePy: "src/manage.py",
      settingsModule: "config.settings.production",
      pythonPath: "/app/src",
    },
  ],
  [
    "src/ with manage.py at the top",
    { ...srcRest, "manage.py": srcManage },
    { wsgiModule: "config.wsgi" },
    {
      framework: "django",
      managePy: "manage.py",
      settingsModule: "config.settings.production",
      pythonPath: "/app/src",
    },
  ],
  [
    "manage.py in another folder",
    { "requirements.txt": "", "backend/manage.py": manage("s"), "backend/s.py": "", "backend/w.py": "" },
    { wsgiModule: "w" },
    { framework: "django", managePy: "backend/manage.py", settingsModule: "s", pythonPath: "/app/backend" },
  ],
  [
    "settingsModule wins over what the files name",
    SRC,
    { wsgiModule: "config.wsgi", settingsModule: "config.settings.base" },
    { framework: "django", managePy: "src/manage.py", settingsModule: "config.settings.base", pythonPath: "/app/src" },
  ],
  [
    "ASGI in place of a WSGI module that is not there",
    { ...DJANGO, "mysite/wsgi.py": "", "mysite/asgi.py": wsgi("mysite.other"), "mysite/other.py": "" },
    { wsgiModule: "no.wsgi", asgiModule: "mysite.asgi" },
    { framework: "django", managePy: "manage.py", settingsModule: "mysite.other", pythonPath: "/app" },
  ],
  ["Flask", FLASK, { wsgiModule: "app:create_app()" }, { framework: "wsgi", pythonPath: "/app" }],
  [
    "a package as WSGI module",
    { "requirements.txt": "", "site/__init__.py": "" },
    { wsgiModule: "site:app" },
    { framework: "wsgi", pythonPath: "/app" },
  ],
  [
    "Flask with a manage.py of its own",
    { ...FLASK, "manage.py": "from flask_script import Manager\n" },
    { wsgiModule: "app" },
    { framework: "wsgi", pythonPath: "/app" },
  ],
  [
    "Django that wants to be taken as plain WSGI",
    DJANGO,
    { wsgiModule: "mysite.wsgi", framework: "wsgi" },
    { framework: "wsgi", pythonPath: "/app" },
  ],
];
test("with a Dockerfile of one's own nobody asks for requirements", (t) => {
  const folder = folderWith(t, { "app.py": "", Dockerfile: "" });
  const project = readProject({ root: "/", projectDir: folder, wsgiModule: "app", dockerfile: "Dockerfile" });
  assert.equal(project.dependencies, undefined);
});

for (const [name, files, args, expected] of found) {
  test(`reads ${name}`, (t) => {
    const project = readProject({ root: "/", projectDir: folderWith(t, files), wsgiModule: "", ...args });
    const { framework, managePy, settingsModule, pythonPath } = project;
    const nothing = { managePy: undefined, settingsModule: undefined };
    assert.deepEqual({ framework, managePy, settingsModule, pythonPath }, { ...nothing, ...expected });
    assert.equal(project.overlayBypassed, undefined);
    assert.equal(project.dependencies?.kind, "requirements");
  });
}

const bypassed: readonly [name: string, files: Files, reason: RegExp, args?: Args][] = [
  [
    "asgi.py that sets the variable",
    { ...DJANGO, "mysite/asgi.py": 'os.environ["DJANGO_SETTINGS_MODULE"] = "mysite.settings"\n' },
    /^mysite\/asgi\.py sets DJANGO_SETTINGS_MODULE itself/,
    { asgiModule: "mysite.asgi" },
  ],
  [
    "wsgi.py that sets the variable",
    { ...DJANGO, "mysite/wsgi.py": 'os.environ["DJANGO_SETTINGS_MODULE"] = "mysite.settings"\n' },
    /^mysite\/wsgi\.py sets DJANGO_SETTINGS_MODULE itself/,
  ],
  [
    "django-configurations",
    { ...DJANGO, "manage.py": `${manage("mysite.settings")}from configurations.management import execute\n` },
    /^manage\.py uses django-configurations$/,
  ],
];
for (const [name, files, reason, args] of bypassed) {
  test(`says why the overlay is bypassed: ${name}`, (t) => {
    const project = readProject({ root: "/", projectDir: folderWith(t, files), wsgiModule: "mysite.wsgi", ...args });
    assert.match(project.overlayBypassed ?? "", reason);
  });
}

const refused: readonly [name: string, files: Files, args: Args, message: RegExp][] = [
  [
    "a WSGI module that is not there",
    DJANGO,
    { wsgiModule: "wrong.wsgi" },
    /^wsgiModule: .* has no module "wrong\.wsgi"\. Found: "mysite\.wsgi"\.$/,
  ],
  [
    "no WSGI module at all",
    { "requirements.txt": "" },
    { wsgiModule: "a" },
    /^wsgiModule: .* No wsgi\.py or app\.py was found/,
  ],
  [
    "an ASGI module that is not there",
    { ...DJANGO, "mysite/asgi.py": "" },
    { wsgiModule: "mysite.wsgi", asgiModule: "wrong.asgi:application" },
    /^asgiModule: .* has no module "wrong\.asgi"\. Found: "mysite\.asgi"\.$/,
  ],
  [
    "no ASGI module at all",
    DJANGO,
    { wsgiModule: "mysite.wsgi", asgiModule: "mysite.asgi" },
    /^asgiModule: .* No asgi\.py, main\.py or app\.py was found/,
  ],
  [
    "django without manage.py",
    FLASK,
    { wsgiModule: "app", framework: "django" },
    /^framework: "django" needs a manage\.py/,
  ],
  [
    "a settings module that is not there",
    DJANGO,
    { wsgiModule: "mysite.wsgi", settingsModule: "mysite.production" },
    /^settingsModule: there is no module "mysite\.production"\. Write settingsModule; found: mysite\/settings\.py\.$/,
  ],
  [
    "settings that nobody names",
    { ...DJANGO, "manage.py": "import django\n", "mysite/wsgi.py": "" },
    { wsgiModule: "mysite.wsgi" },
    /^settingsModule: neither mysite\/wsgi\.py nor manage\.py names it\./,
  ],
  [
    "no dependencies",
    { "app.py": "" },
    { wsgiModule: "app" },
    /: has neither a requirements\.txt nor a pyproject\.toml with uv\.lock\./,
  ],
  [
    "requirements in a folder",
    { "app.py": "", "requirements/production.txt": "" },
    { wsgiModule: "app" },
    /Write a requirements\.txt with the line "-r requirements\/production\.txt"\.$/,
  ],
  [
    "pyproject.toml without a lock",
    { "app.py": "", "pyproject.toml": "" },
    { wsgiModule: "app" },
    /pyproject\.toml: has no uv\.lock beside it.* Run `uv lock`/,
  ],
  [
    "an editable requirement",
    { "app.py": "", "requirements.txt": "Flask\n-e .\n" },
    { wsgiModule: "app" },
    /^requirements\.txt, line 2: installs the project itself/,
  ],
  [
    "the project as requirement",
    { "app.py": "", "requirements.txt": ".[prod]\n" },
    { wsgiModule: "app" },
    /^requirements\.txt, line 1: installs the project itself/,
  ],
  [
    "an included file that is not there",
    { "app.py": "", "requirements.txt": "-r base.txt\n" },
    { wsgiModule: "app" },
    /^requirements\.txt, line 1: names base\.txt/,
  ],
  [
    "a local package that is not there",
    { "app.py": "", "requirements.txt": "./vendor/x\n" },
    { wsgiModule: "app" },
    /^requirements\.txt, line 1: names \.\/vendor\/x/,
  ],
  ["two things at once", { "app.py": "" }, { wsgiModule: "wrong" }, /requirements\.txt(.|\n)*\nwsgiModule: /],
];
for (const [name, files, args, message] of refused) {
  test(`refuses ${name}`, (t) => {
    const projectDir = folderWith(t, files);
    assert.throws(
      () => readProject({ root: "/", projectDir, wsgiModule: "", ...args }),
      (error) => {
        assert.ok(error instanceof UserError);
        assert.match(error.message, message);
        return true;
      },
    );
  });
}

test("refuses a folder that is not there, as the user wrote it", () => {
  assert.throws(
    () => readProject({ root: "/", projectDir: "no/such/folder", wsgiModule: "a" }),
    /^UserError: projectDir: the folder "no\/such\/folder" does not exist\./,
  );
});

const layers: readonly [name: string, files: Files, kind: string, paths: readonly string[]][] = [
  ["one file", { "requirements.txt": "Flask # web\n# -r x.txt\n" }, "requirements", ["requirements.txt"]],
  [
    "included files",
    {
      "requirements.txt": "-r requirements/prod.txt\n",
      "requirements/prod.txt": "-r base.txt\n--constraint=pins.txt\n",
      "requirements/base.txt": "",
      "requirements/pins.txt": "",
    },
    "requirements",
    ["requirements.txt", "requirements/prod.txt", "requirements/base.txt", "requirements/pins.txt"],
  ],
  [
    "packages in the project",
    {
      "requirements.txt": "./vendor/x[y]\n--find-links ./more\n./wheels/a.whl ; python_version > '3'\n",
      "vendor/x/setup.py": "",
      "wheels/a.whl": "",
      "more/b.whl": "",
    },
    "requirements",
    ["requirements.txt", "vendor/x/setup.py", "more/b.whl", "wheels/a.whl"],
  ],
  [
    "addresses",
    {
      "requirements.txt":
        "-r https://example.com/r.txt\nx @ https://example.com/x.whl\n--index-url https://example.com\n",
    },
    "requirements",
    ["requirements.txt"],
  ],
  [
    "a lock, before requirements.txt",
    { "requirements.txt": "", "pyproject.toml": "", "uv.lock": "" },
    "uv-lock",
    ["pyproject.toml", "uv.lock"],
  ],
];
for (const [name, files, kind, paths] of layers) {
  test(`the layer of dependencies depends on ${name}`, (t) => {
    const { dependencies } = readProject({
      root: "/",
      projectDir: folderWith(t, { ...files, "app.py": "" }),
      wsgiModule: "app",
    });
    assert.deepEqual(dependencies, { kind, paths });
  });
}
