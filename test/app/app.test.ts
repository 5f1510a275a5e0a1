/** The sample project holds what it promises: it is clean by Django's own checks, and its tests pass. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { virtualEnvironment } from "../virtual-environment.ts";

const root = join(import.meta.dirname, "../..");
const app = join(root, "app");
const requirements = join(app, "requirements.txt");
const scratch = mkdtempSync(join(tmpdir(), "app-test-"));
let python: string;

interface Outcome {
  readonly code: number;
  readonly text: string;
}

/** Runs `manage.py` with nothing of the caller's environment but PATH, and never writes into app/. */
async function manage(args: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<Outcome> {
  const env = {
    PATH: process.env["PATH"],
    PYTHONDONTWRITEBYTECODE: "1",
    DATABASE_URL: `sqlite:///${join(scratch, "db.sqlite3")}`,
    MEDIA_ROOT: join(scratch, "media"),
    STATIC_ROOT: join(scratch, "static"),
    ...environment,
  };
  return new Promise((resolve) => {
    execFile(python, ["manage.py", ...args], { cwd: app, env }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), text: stdout + stderr });
    });
  });
}

const https = {
  SITE_SCHEME: "https",
  SECRET_KEY: randomBytes(48).toString("base64"),
  ALLOWED_HOSTS: "www.example.com",
  CSRF_TRUSTED_ORIGINS: "https://www.example.com",
};

before(async () => {
  python = join(await virtualEnvironment("app", requirements), "python");
});
after(() => {
  rmSync(scratch, { recursive: true, force: true });
});

test("check --deploy finds nothing over https", async () => {
  const { code, text } = await manage(["check", "--deploy", "--fail-level", "WARNING"], https);
  assert.equal(text, "System check identified no issues (0 silenced).\n");
  assert.equal(code, 0);
});

test("check --deploy finds a weak key, so the check above can fail", async () => {
  const { code, text } = await manage(["check", "--deploy", "--fail-level", "WARNING"], {
    ...https,
    SECRET_KEY: "weak",
  });
  assert.match(text, /security\.W009/);
  assert.equal(code, 1);
});

test("the migrations hold all of the models", async () => {
  const { code, text } = await manage(["makemigrations", "--check", "--dry-run"]);
  assert.equal(text, "No changes detected\n");
  assert.equal(code, 0);
});

test("the project's own tests pass, over http and over https", async () => {
  for (const environment of [{}, https]) {
    const { code, text } = await manage(["test"], environment);
    assert.match(text, /Ran (1[6-9]|[2-9]\d) tests in [\d.]+s\n\nOK\n/);
    assert.equal(code, 0, text);
  }
});

test("static files are collected under hashed names", async () => {
  const { code, text } = await manage(["collectstatic", "--no-input"]);
  assert.match(text, /static files copied to '.*', \d+ post-processed\.\n/);
  assert.equal(code, 0);
  const manifest: unknown = JSON.parse(readFileSync(join(scratch, "static/staticfiles.json"), "utf8"));
  assert.match(JSON.stringify(manifest), /"postcards\/site\.css":"postcards\/site\.[0-9a-f]{12}\.css"/);
});

const databases = [
  [{ DATABASE_URL: "postgres://ann:p%40ss@db:5433/wall" }, "postgresql db 5433 wall ann p@ss"],
  [
    {
      DATABASE_HOST: "db",
      DATABASE_PORT: "5433",
      DATABASE_NAME: "wall",
      DATABASE_USER: "ann",
      DATABASE_PASSWORD: "p@ss%",
    },
    "postgresql db 5433 wall ann p@ss%",
  ],
  [{ DATABASE_URL: "sqlite:////srv/data/db.sqlite3" }, "sqlite3   /srv/data/db.sqlite3  "],
] as const;

test("the database comes from a URL or from its parts", async () => {
  const keys = `["HOST", "PORT", "NAME", "USER", "PASSWORD"]`;
  const program = `from django.conf import settings as s; d = s.DATABASES["default"]; print(d["ENGINE"].rpartition(".")[2], *[d.get(k, "") for k in ${keys}])`;
  for (const [environment, expected] of databases) {
    const { text } = await manage(["shell", "--no-imports", "-c", program], environment);
    assert.equal(text, `${expected}\n`);
  }
});
