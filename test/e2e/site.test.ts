/** The sample site, from `npm start` on an empty machine to `npm run stop`: one stack, looked at from all sides. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { INSTANCE_LABEL } from "../../components/host/docker-labels.ts";
import { changes, Checkout, docker, type Finished } from "./checkout.ts";
import { Deployment } from "./deployment.ts";
import { Visitor } from "./visitor.ts";

const PNG = readFileSync(join(import.meta.dirname, "../../docs/sample-site.png"));
const LONGEST = { timeout: 300_000 };

let checkout: Checkout;
let stack: Deployment;
let visitor: Visitor;
let started: Finished;
let picture = "";

before(async () => {
  checkout = await Checkout.make("site");
  stack = new Deployment(checkout);
  visitor = new Visitor(checkout.port);
  started = await checkout.start();
}, LONGEST);
after(() => checkout.remove(), LONGEST);

const lastLine = (output: string) => output.trimEnd().split("\n").at(-1);
const parts = ["gunicorn-1", "gunicorn-2", "nginx"] as const;
const containers = () => parts.map((part) => stack.container(part));

/** The Pulumi CLI by hand, in a copy: the command that `npm start` printed, with another verb. */
function byHand(copy: Checkout, printed: string, ...verb: string[]) {
  const [, command = ""] = /^ {2}(PULUMI_.* pulumi up .*)$/m.exec(printed) ?? [];
  const tried = command
    .replace(/ pulumi up /, ` pulumi ${verb.join(" ")} `)
    .replace(" --skip-preview --yes", "")
    .replaceAll(checkout.root, copy.root);
  const local = join(copy.root, ".local");
  const env = {
    PATH: `${join(local, "tools/bin")}:${process.env.PATH ?? ""}`,
    PULUMI_HOME: join(local, "pulumi-home"),
  };
  return spawnSync("bash", ["-c", tried], { cwd: copy.root, env: { ...process.env, ...env }, encoding: "utf8" });
}

test("npm start ends with the address, says what it found and what it runs", () => {
  assert.equal(started.code, 0, started.output);
  assert.equal(lastLine(started.output), `ready ${checkout.url}`);
  for (const line of [/^✓ Node: \d+/m, /^✓ disk: \d+ GiB free$/m, /^✓ Docker engine: \d+/m, /^✓ port \d+: free$/m]) {
    assert.match(started.output, line);
  }
  assert.match(started.output, /^ {2}PULUMI_BACKEND_URL=file:\S+ \S+ pulumi up --stack local --config-file \.local\//m);
});

describe("over HTTP", () => {
  test("the page comes through nginx and Gunicorn", async () => {
    const page = await visitor.get("/");
    assert.equal(page.status, 200);
    assert.equal(page.headers.server, "nginx");
    assert.match(page.body, /Served by <b>nginx<\/b>.*<b>Gunicorn<\/b>.*<b>Django<\/b>/s);
  });

  test("its CSS may be kept for ever, and comes compressed", async () => {
    const css = /href="(\/static\/postcards\/site\.[0-9a-f]{12}\.css)"/.exec((await visitor.get("/")).body)?.[1] ?? "";
    const plain = await visitor.get(css);
    assert.equal(plain.status, 200);
    assert.equal(plain.headers["cache-control"], "public, max-age=31536000, immutable");
    for (const encoding of ["br", "gzip"]) {
      const { headers, status } = await visitor.get(css, { "Accept-Encoding": encoding });
      assert.deepEqual([status, headers["content-encoding"], headers.vary], [200, encoding, "Accept-Encoding"]);
    }
  });

  test("a static file without a hash in its name is kept for thirty days", async () => {
    const { status, headers } = await visitor.get("/static/postcards/site.css");
    assert.deepEqual([status, headers["cache-control"]], [200, "max-age=2592000"]);
  });

  test("a form writes to the database, and an uploaded picture is served by nginx", async () => {
    const files = { picture: { bytes: new Uint8Array(PNG), type: "image/png" } };
    const answer = await visitor.submit("/write/", { name: "Ada", message: "Greetings from the test." }, files);
    assert.deepEqual([answer.status, answer.headers.location], [302, "/"]);
    const { body } = await visitor.get("/");
    assert.match(body, /Greetings from the test\./);
    picture = /src="(\/media\/postcards\/[0-9a-f-]+\.webp)"/.exec(body)?.[1] ?? "";
    const { status, headers } = await visitor.get(picture);
    assert.equal(status, 200);
    assert.equal(headers["content-type"], "image/webp");
    assert.equal(headers["x-content-type-options"], "nosniff");
    assert.equal(headers["cache-control"], "max-age=3600");
  });

  test("a cached page says so; a visitor with a cookie gets a fresh one", async () => {
    const stranger = new Visitor(checkout.port);
    const first = await stranger.get("/gallery/?one");
    const second = await stranger.get("/gallery/?one");
    assert.deepEqual([first.status, first.headers["x-cache-status"]], [200, "MISS"]);
    assert.deepEqual([second.status, second.headers["x-cache-status"]], [200, "HIT"]);
    assert.equal(second.body, first.body);
    const known = await stranger.get("/gallery/?one", { Cookie: "sessionid=x" });
    assert.equal(known.headers["x-cache-status"], "BYPASS");
  });

  test("health answers whatever the host name, the site only for its own", async () => {
    const strange = { Host: "10.0.0.7" };
    const [health, page] = [await visitor.get("/healthz", strange), await visitor.get("/", strange)];
    assert.deepEqual([health.status, health.body], [200, "ok\n"]);
    assert.equal((await visitor.get("/healthz/app", strange)).status, 200);
    assert.equal(page.status, 400);
  });

  test("what is too large or not there is refused", async () => {
    const large = { picture: { bytes: new Uint8Array(11 * 1024 * 1024), type: "image/png" } };
    assert.equal((await visitor.submit("/write/", { name: "Ada", message: "large" }, large)).status, 413);
    assert.equal((await visitor.get("/nowhere/")).status, 404);
    assert.equal((await visitor.get("/static/../settings.py")).status, 404);
  });
});

test("containers run as they are planned: locked down, by digest, on loopback only", () => {
  for (const part of parts) {
    const [found] = JSON.parse(docker("inspect", stack.container(part))) as [
      { Args: string[]; Config: { Image: string; User: string }; HostConfig: Record<string, unknown> },
    ];
    const { Config, HostConfig, Args } = found;
    assert.match(Config.Image, /^sha256:[0-9a-f]{64}$/, part);
    assert.match(Config.User, /^(10001:10001|101:101)$/, part);
    assert.equal(HostConfig.ReadonlyRootfs, true, part);
    assert.deepEqual(HostConfig.CapDrop, ["ALL"], part);
    assert.deepEqual(HostConfig.SecurityOpt, ["no-new-privileges:true"], part);
    assert.ok(Number(HostConfig.Memory) >= 128 * 1024 ** 2, part);
    assert.doesNotMatch(Args.join(" "), /SECRET/, part);
    const bindings = Object.values((HostConfig.PortBindings ?? {}) as Record<string, { HostIp: string }[]>).flat();
    assert.deepEqual(
      bindings.map(({ HostIp }) => HostIp),
      part === "nginx" ? ["127.0.0.1"] : [],
      part,
    );
  }
  const mounts = docker(
    "inspect",
    "--format",
    "{{range .Mounts}}{{.Destination}}:{{.RW}} {{end}}",
    stack.container("nginx"),
  );
  for (const folder of ["/srv/static", "/srv/media", "/etc/nginx-conf"])
    assert.ok(mounts.includes(`${folder}:false`), mounts);
});

test("a second npm start changes nothing, within thirty seconds", async (t) => {
  const before = containers();
  const begun = Date.now();
  const { code, output } = await checkout.start();
  const seconds = (Date.now() - begun) / 1000;
  t.diagnostic(`second npm start: ${seconds.toFixed(1)} s`);
  assert.equal(code, 0, output);
  assert.deepEqual(Object.keys(changes(output)), ["unchanged"], output);
  assert.deepEqual(containers(), before);
  assert.ok(seconds < 30);
  assert.equal(checkout.gitStatus(), "");
});

test("a preview by hand, and one from another folder with another umask, show no change", async () => {
  const here = byHand(checkout, started.output, "preview", "--expect-no-changes");
  assert.equal(here.status, 0, here.stdout + here.stderr);
  const elsewhere = await Checkout.make("site-elsewhere", { umask: "077" });
  try {
    elsewhere.shareStateOf(checkout);
    assert.equal((await elsewhere.run("status")).code, 0); // readies the tools there
    const there = byHand(elsewhere, started.output, "preview", "--expect-no-changes");
    assert.equal(there.status, 0, there.stdout + there.stderr);
  } finally {
    elsewhere.forget();
  }
});

test("a preview of another time-out shows the changed lines of nginx.conf, and does nothing", () => {
  const before = containers();
  const config = join(checkout.root, ".local/config/Pulumi.local.yaml");
  const text = readFileSync(config, "utf8");
  const { status, stdout } = byHand(
    checkout,
    started.output,
    "preview",
    "--diff",
    "--config",
    "wsgi-on-aws:requestTimeout=40s",
  );
  writeFileSync(config, text); // `--config` stays in the file that the engine was given
  assert.equal(status, 0, stdout);
  assert.match(stdout, /-\s+proxy_read_timeout 35s;/);
  assert.match(stdout, /\+\s+proxy_read_timeout 45s;/);
  assert.deepEqual(containers(), before);
});

describe("commands", () => {
  test("status tells people and machines", async () => {
    const people = await checkout.run("status");
    assert.equal(people.code, 0);
    assert.match(people.output, new RegExp(`^${checkout.url} answers 200$`, "m"));
    const {
      url,
      answer,
      containers: found,
    } = JSON.parse((await checkout.run("status", ["--json"])).output) as {
      url: string;
      answer: number;
      containers: { part: string }[];
    };
    assert.deepEqual([url, answer, found.map(({ part }) => part)], [checkout.url, 200, [...parts]]);
  });

  test("logs name the container of each line", async () => {
    const { code, output } = await checkout.run("logs", ["--tail", "5"]);
    assert.equal(code, 0);
    assert.match(output, /^nginx +\{"time":/m);
    assert.match(output, /^gunicorn-1 +\S/m);
  });

  test("manage runs Django's commands and hands on how they ended", async () => {
    const good = await checkout.run("manage", ["check"]);
    assert.deepEqual([good.code, good.output.includes("no issues")], [0, true], good.output);
    assert.notEqual((await checkout.run("manage", ["nonsense"])).code, 0);
  });

  test("doctor finds nothing to mend on the running stack", async () => {
    const { code, output } = await checkout.run("doctor", ["--json"]);
    assert.equal(code, 0, output);
    const { checks } = JSON.parse(output) as { checks: { name: string; found: string }[] };
    const port = checks.find(({ name }) => name.startsWith("port"));
    assert.deepEqual(port, { name: `port ${checkout.port}`, found: "in use by this stack" });
  });

  test("nginx prints what nginx runs with", async () => {
    const { code, output } = await checkout.run("nginx", ["--stack", "local", ...checkout.settings()]);
    assert.equal(code, 0);
    const running = docker("exec", stack.container("nginx"), "cat", "/etc/nginx-conf/nginx.conf");
    assert.equal(output.trim(), running);
  });

  test("plan has the resources that are deployed, and no secret", async () => {
    const { code, output } = await checkout.run("plan", ["--stack", "local", "--json", ...checkout.settings()]);
    assert.equal(code, 0);
    const plan = JSON.parse(output) as { stack: string; settings: { port: number }; resources: { name: string }[] };
    assert.deepEqual([plan.stack, plan.settings.port], ["local", checkout.port]);
    const deployed = stack.resources().filter((name) => !/^(wsgi-on-aws-local|default)/.test(name));
    const planned = plan.resources.map(({ name }) => name).filter((name) => name !== "wsgi-on-aws-local");
    assert.deepEqual(planned.sort(), deployed.sort());
    assert.doesNotMatch(output, /SECRET_KEY=(?!masked)/);
  });
});

test("npm run stop leaves data, and nothing else; the next start has it again", async () => {
  const instance = docker(
    "inspect",
    "--format",
    `{{index .Config.Labels "${INSTANCE_LABEL}"}}`,
    stack.container("nginx"),
  );
  const left = (...list: string[]) =>
    docker(...list, "--filter", `label=${INSTANCE_LABEL}=${instance}`, "--format", "{{.Name}}");
  const { code, output } = await checkout.run("stop");
  assert.equal(code, 0, output);
  assert.equal(docker("ps", "--all", "--quiet", "--filter", `label=${INSTANCE_LABEL}=${instance}`), "");
  assert.equal(left("network", "ls"), "");
  assert.match(left("volume", "ls"), /^\S+-media\n\S+-sqlite-data$/);
  assert.deepEqual(processesOf(checkout.root), []);

  assert.equal((await checkout.start()).code, 0);
  assert.match((await visitor.get("/")).body, /Greetings from the test\./);
  assert.equal((await visitor.get(picture)).status, 200);

  assert.equal((await checkout.run("stop", ["--data"])).code, 0);
  assert.equal(left("volume", "ls"), "");
  assert.equal(checkout.gitStatus(), "");
});

/** Command lines of the processes that work for a checkout. */
function processesOf(root: string): string[] {
  const commandLines = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
      } catch {
        return ""; // it has ended meanwhile
      }
    });
  return commandLines.filter((line) => line.includes(root));
}
