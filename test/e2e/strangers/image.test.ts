import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { appendFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { after, before, describe, test } from "node:test";
import { buildProject, removeFolder, temporaryFolder, type ProjectSettings } from "./build.ts";
import { AppContainer, gunicorn, runOnce } from "./container.ts";
import { docker, tryDocker } from "./docker.ts";

const REPOSITORY = resolve(import.meta.dirname, "../../..");
const root = temporaryFolder();
const project = temporaryFolder();
const sample: ProjectSettings = { projectDir: join(REPOSITORY, "app"), wsgiModule: "site_config.wsgi" };
const IMAGE = "wsgi-on-aws-stranger-sample";
const images: string[] = [];

const build = (settings: ProjectSettings, image: string, target?: string) => {
  images.push(image);
  return buildProject(root, settings, image, target);
};
const config = (image: string) =>
  JSON.parse(docker(["image", "inspect", "--format", "{{json .Config}}", image])) as Record<string, unknown>;

before(() => {
  build(sample, IMAGE);
});
after(() => {
  removeFolder(root);
  removeFolder(project);
  if (images.length) tryDocker(["rmi", "--force", ...images]);
});

describe("the images", { concurrency: 1 }, () => {
  test("gunicorn: not root, exec form, stop signal, folders with their owners", () => {
    const { User, StopSignal, Cmd, Entrypoint, WorkingDir } = config(IMAGE);
    assert.deepEqual(
      { User, StopSignal, Cmd, Entrypoint, WorkingDir },
      { User: "10001:10001", StopSignal: "SIGTERM", Cmd: ["gunicorn"], Entrypoint: null, WorkingDir: "/app" },
    );
    const folders = ["/run/gunicorn", "/srv/static", "/srv/media", "/srv/data", "/srv/static-build", "/app"];
    const owners = docker(["run", "--rm", IMAGE, "stat", "-c", "%n %u:%g %a", ...folders])
      .trim()
      .split("\n");
    assert.deepEqual(owners, [
      "/run/gunicorn 10001:10001 2750",
      "/srv/static 10001:10001 755",
      "/srv/media 10001:10001 755",
      "/srv/data 10001:10001 755",
      "/srv/static-build 0:0 755",
      "/app 0:0 755",
    ]);
  });

  test("nginx: not root, exec form, stop signal, brotli, nothing of the application", () => {
    const image = "wsgi-on-aws-stranger-nginx";
    build(sample, image, "nginx");
    const { User, StopSignal, Cmd, Entrypoint } = config(image);
    const expected = ["nginx", "-c", "/etc/nginx-conf/nginx.conf", "-g", "daemon off;"];
    assert.deepEqual(
      { User, StopSignal, Cmd, Entrypoint },
      { User: "101:101", StopSignal: "SIGQUIT", Cmd: expected, Entrypoint: null },
    );
    const script =
      'nginx -v 2>&1; ls /usr/lib/nginx/modules/ngx_http_brotli_static_module.so; stat -c "%n %u:%g %a" /run/gunicorn /srv/static /srv/media /etc/nginx-conf; ls -A /srv /app 2>&1; command -v python3 || true';
    const lines = docker(["run", "--rm", image, "sh", "-c", script]).trim().split("\n");
    assert.match(lines[0] ?? "", /^nginx version: nginx\/1\.26\./);
    assert.deepEqual(lines.slice(1), [
      "/usr/lib/nginx/modules/ngx_http_brotli_static_module.so",
      "/run/gunicorn 10001:10001 2750",
      "/srv/static 10001:10001 755",
      "/srv/media 10001:10001 755",
      "/etc/nginx-conf 101:101 755",
      "ls: cannot access '/app': No such file or directory",
      "/srv:",
      "media",
      "static",
    ]);
  });

  test("nginx starts and ends as a host makes it: read-only, without capabilities", () => {
    const name = "wsgi-on-aws-stranger-nginx-runs";
    const conf =
      "pid /tmp/nginx.pid; error_log /dev/stderr; events {} http { access_log off; client_body_temp_path /tmp/b; proxy_temp_path /tmp/p; fastcgi_temp_path /tmp/f; uwsgi_temp_path /tmp/u; scgi_temp_path /tmp/s; server { listen 8080; return 204; } }";
    const script = `printf '%s' '${conf}' >/etc/nginx-conf/nginx.conf; exec nginx -c /etc/nginx-conf/nginx.conf -g 'daemon off;'`;
    const hardened = [
      "--read-only",
      "--tmpfs",
      "/tmp",
      "--cap-drop",
      "ALL",
      "--security-opt",
      "no-new-privileges",
      "--group-add",
      "10001",
    ];
    try {
      docker([
        "run",
        "--detach",
        "--name",
        name,
        ...hardened,
        "--mount",
        "type=volume,dst=/etc/nginx-conf",
        "wsgi-on-aws-stranger-nginx",
        "sh",
        "-c",
        script,
      ]);
      const probe = "exec 3<>/dev/tcp/127.0.0.1/8080 && printf 'GET / HTTP/1.0\\r\\n\\r\\n' >&3 && head -1 <&3";
      assert.match(
        docker(["exec", name, "bash", "-c", `for i in 1 2 3 4 5; do (${probe}) 2>/dev/null && break; sleep 1; done`]),
        /^HTTP\/1\.1 204/,
      );
      docker(["stop", "--time", "10", name]);
      assert.equal(docker(["inspect", "--format", "{{.State.ExitCode}}", name]).trim(), "0");
      const { stdout, stderr } = tryDocker(["logs", name]);
      assert.doesNotMatch(stdout + stderr, /alert|emerg|warn/);
    } finally {
      tryDocker(["rm", "--force", "--volumes", name]);
    }
  });

  test("the sample serves with the overlay and without, clean for check --deploy, and ends on SIGTERM", async (t) => {
    for (const settingsOverlay of [true, false]) {
      await t.test(`settingsOverlay: ${String(settingsOverlay)}`, async () => {
        const image = `wsgi-on-aws-stranger-sample-${String(settingsOverlay)}`;
        build({ ...sample, options: { settingsOverlay } }, image);
        const { Env } = config(image);
        assert.ok(
          Array.isArray(Env) &&
            Env.includes(`DJANGO_SETTINGS_MODULE=${settingsOverlay ? "wsgi_on_aws" : "site_config"}.settings`),
        );
        using container = new AppContainer(image, gunicorn("site_config.wsgi"));
        await container.healthy();
        container.run("python", "manage.py", "migrate", "--no-input", "--verbosity", "0");
        assert.equal(container.get("/healthz", "10.1.2.3").status, 200, "whatever the Host is");
        const page = container.get("/");
        assert.equal(page.status, 200);
        const css = /\/static\/(postcards\/site\.[0-9a-f]{12}\.css)/.exec(page.body)?.[1];
        assert.ok(css, page.body);
        container.run("stat", `/srv/static-build/${css}`, `/srv/static-build/${css}.gz`, `/srv/static-build/${css}.br`);
        const deploy = runOnce(image, ["python", "manage.py", "check", "--deploy", "--fail-level", "WARNING"], {
          SITE_SCHEME: "https",
        });
        assert.equal(deploy.status, 0, deploy.stderr);
        docker(["stop", "--time", "10", container.name]);
        assert.equal(docker(["inspect", "--format", "{{.State.ExitCode}}", container.name]).trim(), "0");
      });
    }
  });

  test("the runtime package passes its own tests inside the image", () => {
    const tests = execFileSync("tar", [
      "-C",
      join(REPOSITORY, "test/unit/image/runtime"),
      "--exclude=__pycache__",
      "-c",
      ".",
    ]);
    const script = "mkdir /tmp/tests; tar -x -C /tmp/tests; cd /tmp/tests; python -m unittest 2>&1";
    const printed = docker(["run", "--rm", "--interactive", IMAGE, "sh", "-euc", script], tests);
    assert.match(printed, /Ran [2-9]\d tests/);
    assert.match(printed, /\nOK\n$/);
  });

  test("a release publishes static files beside the old ones", () => {
    const volume = "wsgi-on-aws-stranger-static";
    const publish = () =>
      docker([
        "run",
        "--rm",
        "--read-only",
        "--cap-drop",
        "ALL",
        "--volume",
        `${volume}:/srv/static`,
        IMAGE,
        "python",
        "-m",
        "wsgi_on_aws.publish_static",
      ]);
    try {
      assert.match(publish(), /^static files: [1-9]\d* new or changed, 0 there already\n$/);
      assert.match(publish(), /^static files: 0 new or changed, [1-9]\d* there already\n$/);
    } finally {
      tryDocker(["volume", "rm", "--force", volume]);
    }
  });

  test("a change of code installs nothing again", (t) => {
    execFileSync("cp", ["-r", `${sample.projectDir}/.`, project]);
    appendFileSync(join(project, "postcards/views.py"), `\n# changed at ${Date.now()}\n`);
    const { log, seconds } = build({ ...sample, projectDir: project }, "wsgi-on-aws-stranger-changed");
    t.diagnostic(`code-only rebuild: ${seconds.toFixed(1)} s`);
    assert.match(log, /CACHED/);
    assert.doesNotMatch(log, /Setting up python3/);
    assert.ok(seconds < 15, `${seconds} s`);
  });
});
