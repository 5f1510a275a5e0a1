import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { test } from "node:test";
import { gunicornBuild, hasOverlay, nginxBuild, type BuildOptions } from "../../../components/image/build-arguments.ts";
import { readExtraCa } from "../../../components/image/extra-ca.ts";
import type { Project } from "../../../components/image/project.ts";
import { rdsCertificates } from "../../../components/image/rds-ca.ts";
import { folderWith } from "./files.ts";

const CONTEXT = {
  context: ".local/context/local/app",
  dockerfile: ".local/context/local/app/Dockerfile",
  digest: "d1",
};
const DJANGO: Project = {
  framework: "django",
  managePy: "src/manage.py",
  settingsModule: "mysite.settings",
  pythonPath: "/app/src",
  dependencies: { kind: "requirements", paths: [] },
  gunicorn: "ours",
  files: { folder: "/nowhere", paths: [], read: () => "" },
};
const FLASK: Project = {
  framework: "wsgi",
  pythonPath: "/app",
  dependencies: DJANGO.dependencies,
  gunicorn: "ours",
  files: DJANGO.files,
};
const OPTIONS: BuildOptions = {
  pythonBase: "debian:13-slim",
  systemPackages: { build: [], run: [] },
  settingsOverlay: true,
  platform: "linux/amd64",
  baseRevision: "7",
};

test("arguments of a Django project", () => {
  const { tag, ...build } = gunicornBuild(CONTEXT, DJANGO, {
    ...OPTIONS,
    systemPackages: { build: ["gcc", "libpq-dev"], run: ["libpq5"] },
  });
  assert.deepEqual(build, {
    context: CONTEXT.context,
    dockerfile: CONTEXT.dockerfile,
    target: "gunicorn",
    platform: "linux/amd64",
    args: {
      BASE_REVISION: "7",
      BUILD_PACKAGES: "gcc libpq-dev",
      DJANGO_SETTINGS_MODULE: "wsgi_on_aws.settings",
      MANAGE_PY: "src/manage.py",
      PYTHON_BASE: "debian:13-slim",
      PYTHON_PATH: "/app/src",
      RUN_PACKAGES: "libpq5",
      WORK_DIR: "/app/src",
      WSGI_ON_AWS_SETTINGS: "mysite.settings",
    },
  });
  assert.match(tag, /^[0-9a-f]{16}$/);
});

test("without the overlay the project's own settings are used", () => {
  const off = gunicornBuild(CONTEXT, DJANGO, { ...OPTIONS, settingsOverlay: false }).args;
  const bypassed = gunicornBuild(CONTEXT, { ...DJANGO, overlayBypassed: "because" }, OPTIONS).args;
  for (const args of [off, bypassed]) {
    assert.equal(args.DJANGO_SETTINGS_MODULE, "mysite.settings");
    assert.equal("WSGI_ON_AWS_SETTINGS" in args, false);
  }
  assert.deepEqual(
    [hasOverlay(DJANGO, true), hasOverlay(DJANGO, false), hasOverlay(FLASK, true)],
    [true, false, false],
  );
});

test("arguments of a Flask project name no settings", () => {
  const { args } = gunicornBuild(CONTEXT, FLASK, OPTIONS);
  assert.deepEqual(args, { BASE_REVISION: "7", PYTHON_BASE: "debian:13-slim", PYTHON_PATH: "/app", WORK_DIR: "/app" });
});

test("the tag changes with everything that is built, and with nothing else", () => {
  const tag = (change: Partial<BuildOptions> = {}, context = CONTEXT) =>
    gunicornBuild(context, DJANGO, { ...OPTIONS, ...change }).tag;
  const changes: Partial<BuildOptions>[] = [
    { pythonBase: "python:3.14-slim" },
    { systemPackages: { build: ["gcc"], run: [] } },
    { systemPackages: { build: [], run: ["gcc"] } },
    { packageIndex: "https://pypi.example.com/simple" },
    { extraCaPem: "pem" },
    { settingsOverlay: false },
    { platform: "linux/arm64" },
    { baseRevision: "8" },
  ];
  const tags = [tag(), tag({}, { ...CONTEXT, digest: "d2" }), ...changes.map((change) => tag(change))];
  assert.equal(new Set(tags).size, tags.length);
  assert.equal(tag(), tag({}, { ...CONTEXT, context: "elsewhere", dockerfile: "elsewhere/Dockerfile" }));
});

test("a worker class that needs packages is an argument; the others share image and tag", () => {
  const build = (workerClass?: BuildOptions["workerClass"]) =>
    gunicornBuild(CONTEXT, DJANGO, { ...OPTIONS, ...(workerClass && { workerClass }) });
  const plain = build();
  assert.equal("WORKER_CLASS" in plain.args, false);
  assert.deepEqual([build("sync"), build("gthread")], [plain, plain]);
  for (const workerClass of ["gevent", "uvicorn"] as const) {
    assert.deepEqual(build(workerClass).args, { ...plain.args, WORKER_CLASS: workerClass });
  }
  assert.equal(new Set([plain.tag, build("gevent").tag, build("uvicorn").tag]).size, 3);
});

test("nginx's image depends on nothing of the application", () => {
  const { tag, ...build } = nginxBuild({ ...CONTEXT, context: "n" }, OPTIONS);
  assert.deepEqual(build, {
    context: "n",
    dockerfile: CONTEXT.dockerfile,
    target: "nginx",
    platform: "linux/amd64",
    args: { BASE_REVISION: "7" },
  });
  assert.equal(nginxBuild(CONTEXT, { platform: "linux/amd64", baseRevision: "7" }).tag, tag);
  assert.notEqual(nginxBuild(CONTEXT, { ...OPTIONS, baseRevision: "8" }).tag, tag);
});

const CERTIFICATE = "-----BEGIN CERTIFICATE-----\nTUlJQg==\n-----END CERTIFICATE-----";
test("an extra CA keeps its certificates and nothing else", (t) => {
  const key = "-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----";
  const folder = folderWith(t, {
    "ca.pem": `# ours\r\n${CERTIFICATE.replaceAll("\n", "\r\n")}\n${key}\n${CERTIFICATE}\n`,
  });
  assert.equal(readExtraCa(`${folder}/ca.pem`), `${CERTIFICATE}\n${CERTIFICATE}`);
});
for (const [name, content, message] of [
  ["a file without certificates", "hello", /^extraCaFile: .* holds no certificate\./],
  ["a whole bundle", `${CERTIFICATE}\n`.repeat(2000), /^extraCaFile: .* holds \d{6} bytes of certificates\./],
] as const) {
  test(`an extra CA refuses ${name}`, (t) => {
    const folder = folderWith(t, { "ca.pem": content });
    assert.throws(() => readExtraCa(`${folder}/ca.pem`), { name: "UserError", message });
  });
}
test("an extra CA refuses a file that is not there", () => {
  assert.throws(() => readExtraCa("/no/such/ca.pem"), {
    name: "UserError",
    message: /^extraCaFile: .* cannot be read \(ENOENT\)\./,
  });
});

test("a database of RDS brings its region's certificates, and botocore only for the password that rotates", () => {
  const without = gunicornBuild(CONTEXT, DJANGO, OPTIONS);
  const caPem = rdsCertificates("eu-central-1");
  const own = gunicornBuild(CONTEXT, DJANGO, { ...OPTIONS, rds: { caPem, rotatedPassword: false } });
  const rotated = gunicornBuild(CONTEXT, DJANGO, { ...OPTIONS, rds: { caPem, rotatedPassword: true } });
  assert.deepEqual(own.args, { ...without.args, RDS_CA_PEM: caPem });
  assert.deepEqual(rotated.args, { ...own.args, ROTATED_PASSWORD: "true" });
  assert.equal(new Set([without.tag, own.tag, rotated.tag]).size, 3);
});

test("certificates of RDS are those of one region, valid, and small enough for an argument", () => {
  for (const region of ["eu-central-1", "us-east-1", "ap-southeast-2"]) {
    const pem = rdsCertificates(region);
    const found = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
    assert.ok(found.length >= 1, region);
    for (const one of found) {
      const { subject, validTo } = new X509Certificate(one);
      assert.ok(subject.includes(`Amazon RDS ${region} Root CA`), subject);
      assert.ok(new Date(validTo).getFullYear() > 2050, validTo);
    }
    assert.ok(pem.length < 16_384);
  }
  assert.throws(() => rdsCertificates("us-gov-west-1"), /^UserError: aws:region: "us-gov-west-1" has databases/);
});
