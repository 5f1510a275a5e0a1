import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { writeFiles } from "./build.ts";
import { DJANGO, type Toolbox } from "./toolbox.ts";

/** A project as it is found in the wild: it knows nothing of this repository. */
export interface Stranger {
  readonly name: string;
  readonly wsgiModule: string;
  /** Settings of the stack besides. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** What it needs besides what every host gives. */
  readonly env?: Readonly<Record<string, string>>;
  /** Writes the project into an empty folder. */
  readonly make: (folder: string, tools: Toolbox) => void;
  /** A page and a part of its text. */
  readonly page: { readonly path: string; readonly text: string };
}

// With DEBUG off Django shows no welcome page, so these projects are asked for the login page of the admin.
const LOGIN = { path: "/admin/login/", text: "Django administration" };

const append = (folder: string, path: string, text: string) => {
  const file = join(folder, path);
  writeFileSync(file, readFileSync(file, "utf8") + text);
};
const replace = (folder: string, path: string, pattern: RegExp, by: string) => {
  const file = join(folder, path);
  writeFileSync(file, readFileSync(file, "utf8").replace(pattern, by));
};
const requirements = (...names: string[]) => ({ "requirements.txt": [DJANGO, ...names, ""].join("\n") });

/** What must not get into an image, lying in the project: each holds the word LEAK. */
export const LITTER = {
  ".git/config": "[LEAK]\n",
  ".env": "SECRET_KEY=LEAK\n",
  ".env.production": "SECRET_KEY=LEAK\n",
  ".venv/pyvenv.cfg": "home = LEAK\n",
  ".venv/lib/python3.13/site-packages/thing.py": "LEAK = 1\n",
  "other-env/pyvenv.cfg": "home = LEAK\n",
  "other-env/bin/activate": "LEAK\n",
  "db.sqlite3": "SQLite format 3\0LEAK",
  "node_modules/left-pad/index.js": "LEAK\n",
  "mysite/__pycache__/settings.cpython-313.pyc": "LEAK",
};

/** Five variables, asked for in the five ways that are common. */
export const INSISTING = ["MAIL_PASSWORD", "SHOP_WORKERS", "PAYMENT_KEY", "SEARCH_URL", "SITE_OWNER"] as const;
const INSISTS = `
import os
import decouple
import environ
from django.core.exceptions import ImproperlyConfigured

MAIL_PASSWORD = os.environ["MAIL_PASSWORD"]
SHOP_WORKERS = int(os.environ["SHOP_WORKERS"])
PAYMENT_KEY = decouple.config("PAYMENT_KEY")
SEARCH = environ.Env().url("SEARCH_URL")
SEARCH_HOST = SEARCH.hostname.upper()
if "SITE_OWNER" not in os.environ:
    raise ImproperlyConfigured("Set the SITE_OWNER environment variable")
`;

const LOST_MAP = {
  "vendor/lostmap/pyproject.toml": `[project]
name = "lostmap"
version = "1.0"
[build-system]
requires = ["setuptools"]
build-backend = "setuptools.build_meta"
[tool.setuptools]
packages = ["lostmap"]
[tool.setuptools.package-data]
lostmap = ["static/**"]
`,
  "vendor/lostmap/lostmap/__init__.py": "",
  "vendor/lostmap/lostmap/static/lostmap/lib.js": `${"let x = 1;\n".repeat(50)}//# sourceMappingURL=lib.js.map\n`,
  "vendor/lostmap/lostmap/static/lostmap/lib.css": `.a { background: url("gone.png"); }\n.b { background: url("../../../../etc/passwd"); }\n`,
};

const SPLIT_SETTINGS = {
  "src/config/settings/__init__.py": "",
  "src/config/settings/production.py": `from .base import *

DEBUG = False
ALLOWED_HOSTS = ["www.example.com"]
SECURE_SSL_REDIRECT = True
SESSION_COOKIE_SECURE = True
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
MIDDLEWARE = ["whitenoise.middleware.WhiteNoiseMiddleware", *MIDDLEWARE]
`,
};

/** Settings that read the environment themselves, named in a way that no image can change. */
const READS_ENVIRONMENT = `
import os

STATIC_ROOT = os.environ["STATIC_ROOT"]
DATABASES["default"]["NAME"] = os.environ["DATABASE_URL"].removeprefix("sqlite:///")
`;

const NGINX_STAGE = "FROM debian:13-slim AS nginx";
/** Debian's own Gunicorn, in an image that takes nothing from ours but the runtime package and the target `nginx`. */
function ownDockerfile(): string {
  const ours = readFileSync(resolve(import.meta.dirname, "../../../components/image/Dockerfile"), "utf8");
  return `FROM debian:13-slim AS gunicorn
RUN apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq --no-install-recommends gunicorn python-is-python3
RUN install -d -o 10001 -g 10001 /srv/media /srv/data; install -d -o 10001 -g 10001 -m 2750 /run/gunicorn
COPY wsgi-on-aws/runtime/ /opt/wsgi-on-aws/
COPY hello.py /app/
ENV PYTHONPATH=/app:/opt/wsgi-on-aws
USER 10001:10001
STOPSIGNAL SIGTERM

${ours.slice(ours.indexOf(NGINX_STAGE))}`;
}

export const strangers = [
  {
    name: "startproject",
    wsgiModule: "mysite.wsgi",
    page: LOGIN,
    make: (folder, tools) => {
      tools.startProject("mysite", folder);
      writeFiles(folder, { ...requirements(), ...LITTER });
    },
  },
  {
    name: "flask",
    wsgiModule: "hello:create_app()",
    page: { path: "/", text: "Hello from Flask" },
    make: (folder) => {
      const factory = `from flask import Flask

def create_app():
    app = Flask(__name__)
    app.add_url_rule("/", view_func=lambda: "Hello from Flask")
    return app
`;
      writeFiles(folder, { "requirements.txt": "Flask==3.1.3\n", "hello.py": factory });
    },
  },
  {
    name: "insisting-settings",
    wsgiModule: "mysite.wsgi:application",
    env: {
      MAIL_PASSWORD: "m",
      SHOP_WORKERS: "3",
      PAYMENT_KEY: "p",
      SEARCH_URL: "https://search.example.com",
      SITE_OWNER: "o",
    },
    page: LOGIN,
    make: (folder, tools) => {
      tools.startProject("mysite", folder);
      writeFiles(folder, requirements("python-decouple==3.8", "django-environ==0.14.0"));
      append(folder, "mysite/settings.py", INSISTS);
    },
  },
  {
    name: "lost-source-map",
    wsgiModule: "mysite.wsgi",
    page: LOGIN,
    make: (folder, tools) => {
      tools.startProject("mysite", folder);
      writeFiles(folder, { ...requirements("./vendor/lostmap"), ...LOST_MAP });
      append(folder, "mysite/settings.py", '\nINSTALLED_APPS += ["lostmap"]\n');
    },
  },
  {
    name: "psycopg2-from-source",
    wsgiModule: "mysite.wsgi",
    settings: {
      systemPackages: { build: ["gcc", "libc6-dev", "libpq-dev", "python3-dev"], run: ["libpq5"] },
      database: "postgres",
    },
    page: LOGIN,
    make: (folder, tools) => {
      tools.startProject("mysite", folder);
      writeFiles(folder, requirements("psycopg2==2.9.13", "--no-binary psycopg2"));
    },
  },
  {
    name: "uv-lock",
    wsgiModule: "mysite.wsgi",
    page: LOGIN,
    make: (folder, tools) => {
      tools.startProject("mysite", folder);
      tools.lock(
        `[project]\nname = "mysite"\nversion = "1"\nrequires-python = ">=3.12"\ndependencies = ["${DJANGO}"]\n`,
        folder,
      );
    },
  },
  {
    name: "src-layout",
    wsgiModule: "config.wsgi:application",
    page: LOGIN,
    make: (folder, tools) => {
      const src = join(folder, "src");
      writeFiles(folder, { ...requirements("whitenoise==6.12.0"), ...SPLIT_SETTINGS });
      tools.startProject("config", src);
      writeFiles(folder, {
        "src/config/settings/base.py": readFileSync(join(src, "config/settings.py"), "utf8").replace(
          ".parent.parent",
          ".parent.parent.parent",
        ),
        "src/config/wsgi.py": readFileSync(join(src, "config/wsgi.py"), "utf8").replace(
          "config.settings",
          "config.settings.production",
        ),
      });
      rmSync(join(src, "config/settings.py"));
    },
  },
  {
    name: "self-reliant",
    wsgiModule: "mysite.wsgi",
    page: { path: "/", text: "The install worked successfully!" },
    make: (folder, tools) => {
      tools.startProject("mysite", folder);
      writeFiles(folder, requirements());
      append(folder, "mysite/settings.py", READS_ENVIRONMENT);
      replace(folder, "mysite/wsgi.py", /os\.environ\.setdefault\((.*), (.*)\)/, "os.environ[$1] = $2");
    },
  },
  {
    name: "own-dockerfile",
    wsgiModule: "hello",
    settings: { dockerfile: "deploy/Dockerfile" },
    page: { path: "/", text: "Hello from Debian" },
    make: (folder) => {
      const hello = `def application(environ, start):
    start("200 OK", [("Content-Type", "text/plain")])
    return [b"Hello from Debian"]
`;
      writeFiles(folder, { "deploy/Dockerfile": ownDockerfile(), "hello.py": hello });
    },
  },
] as const satisfies readonly Stranger[];

export type StrangerName = (typeof strangers)[number]["name"];
