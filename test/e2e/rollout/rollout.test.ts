/** New versions under load: what works replaces what serves without a visitor noticing; what does not work leaves it alone. */
import assert from "node:assert/strict";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { after, before, describe, test, type TestContext } from "node:test";
import { Checkout, type Finished } from "../checkout.ts";
import { Deployment } from "../deployment.ts";
import { Visitor } from "../visitor.ts";
import { Load, type Measured } from "./load.ts";

const LONGEST = { timeout: 400_000 };
const SLOWEST_MS = 500;

let checkout: Checkout;
let stack: Deployment;

before(async () => {
  checkout = await Checkout.make("rollout");
  stack = new Deployment(checkout);
  const { code, output } = await checkout.start();
  assert.equal(code, 0, output);
}, LONGEST);
after(() => checkout.remove(), LONGEST);

const visitor = () => new Visitor(checkout.port);
const cssOf = async () => /href="(\/static\/postcards\/site\.[^"]+)"/.exec((await visitor().get("/")).body)?.[1] ?? "";
/** Changes a file of the copy, or makes it. @returns what brings the old state back */
function edit(file: string, change: (text: string) => string): () => void {
  const path = checkout.path(file);
  const old = existsSync(path) ? readFileSync(path, "utf8") : undefined;
  const text = change(old ?? "");
  assert.notEqual(text, old, `${file} is as it was`);
  writeFileSync(path, text);
  return () => {
    if (old === undefined) rmSync(path);
    else writeFileSync(path, old);
  };
}

/** `npm start` while visitors come, from a little before until a little after. */
async function underLoad(
  t: TestContext,
  set: Readonly<Record<string, unknown>> = {},
): Promise<Finished & { load: Measured }> {
  const load = await Load.begin(checkout.port);
  await new Promise((resolve) => setTimeout(resolve, 1000));
  const finished = await checkout.start(set);
  await new Promise((resolve) => setTimeout(resolve, 1000));
  const measured = await load.end();
  const { sent, failed, slowest, p99 } = measured;
  t.diagnostic(`${sent} requests, ${failed.length} failed, slowest ${slowest.toFixed(0)} ms, p99 ${p99.toFixed(0)} ms`);
  assert.deepEqual(failed, []);
  assert.ok(sent > 100);
  return { ...finished, load: measured };
}

/** Each accepted post is in the database, once. */
function assertWritten(accepted: readonly string[]): void {
  const script =
    "from postcards.models import Postcard; print(*Postcard.objects.filter(name='Load').values_list('message', flat=True), sep='\\n')";
  const written = stack.run("python", "manage.py", "shell", "--verbosity", "0", "-c", script).split("\n");
  const counts = new Map<string, number>();
  for (const message of written) counts.set(message, (counts.get(message) ?? 0) + 1);
  assert.deepEqual(
    accepted.filter((message) => counts.get(message) !== 1),
    [],
  );
  stack.run(
    "python",
    "manage.py",
    "shell",
    "--verbosity",
    "0",
    "-c",
    "from postcards.models import Postcard; Postcard.objects.filter(name='Load').delete()",
  );
}

test("a new version of Python, template and CSS: no request fails, none waits, the old CSS stays", async (t) => {
  const oldCss = await cssOf();
  const [nginx, gunicorn] = [stack.container("nginx"), stack.container("gunicorn-1")];
  edit("app/postcards/context_processors.py", (text) => text.replace('"Gunicorn"', '"Gunicorn two"'));
  edit("app/postcards/templates/postcards/wall.html", (text) => text.replace("from everywhere", "from version two"));
  edit("app/postcards/static/postcards/site.css", (text) => `${text}\n.version-two { color: green; }\n`);
  const { code, output, load } = await underLoad(t);
  assert.equal(code, 0, output);
  assert.ok(load.slowest < SLOWEST_MS, `${load.slowest.toFixed(0)} ms`);
  assertWritten(load.accepted);

  const { body } = await visitor().get("/");
  assert.match(body, /Greetings from version two/);
  assert.match(body, /Gunicorn two/);
  const newCss = await cssOf();
  assert.notEqual(newCss, oldCss);
  assert.match((await visitor().get(newCss)).body, /version-two/);
  assert.equal((await visitor().get(oldCss)).status, 200);
  assert.notEqual(stack.container("gunicorn-1"), gunicorn);
  assert.equal(stack.container("nginx"), nginx);
});

test("a new nginx.conf: reloaded, no container replaced, no request fails or waits", async (t) => {
  const before = ["nginx", "gunicorn-1", "gunicorn-2"].map((part) => stack.container(part));
  const { code, output, load } = await underLoad(t, { paths: { "/gallery/": { cache: "20s" } } });
  assert.equal(code, 0, output);
  assert.match(output, /nginx\.conf accepted, installed and reloaded/);
  assert.ok(load.slowest < SLOWEST_MS, `${load.slowest.toFixed(0)} ms`);
  assertWritten(load.accepted);
  assert.deepEqual(
    ["nginx", "gunicorn-1", "gunicorn-2"].map((part) => stack.container(part)),
    before,
  );
  assert.equal((await checkout.start()).code, 0);
});

test("other limits and time-outs: Gunicorn replaced one after the other, nginx reloaded, no request fails or waits", async (t) => {
  const nginx = stack.container("nginx");
  const { code, output, load } = await underLoad(t, { requestTimeout: "60s", uploadLimit: "20m" });
  assert.equal(code, 0, output);
  assert.match(output, /nginx\.conf accepted, installed and reloaded/);
  assert.ok(load.slowest < SLOWEST_MS, `${load.slowest.toFixed(0)} ms`);
  assertWritten(load.accepted);
  assert.equal(stack.container("nginx"), nginx);
  assert.equal((await checkout.start()).code, 0);
});

interface Broken {
  readonly what: string;
  readonly file: string;
  readonly change: (text: string) => string;
  readonly set?: Readonly<Record<string, unknown>>;
  /** What the output says. */
  readonly reason: RegExp;
}

const BROKEN: readonly Broken[] = [
  {
    what: "an nginx.conf that nginx refuses",
    file: "components/nginx/site.ts",
    change: (text) =>
      text.replace('nginx.server_tokens("off")', 'nginx.server_tokens("off"), nginx.server_tokens("off")'),
    reason: /nginx refused the configuration.*"server_tokens" directive is duplicate/s,
  },
  {
    what: "an image that cannot be built",
    file: "app/requirements.txt",
    change: (text) => `${text}\nno-such-package-here==1.0\n`,
    reason: /no-such-package-here/,
  },
  {
    what: "an application that does not start",
    file: "app/site_config/wsgi.py",
    change: (text) => `import nowhere\n${text}`,
    reason: /the new version does not work.*No module named 'nowhere'/s,
  },
  {
    what: "an application whose pages cannot be imported, which no release command notices",
    set: { releaseCommand: [] },
    file: "app/postcards/views.py",
    change: (text) => `import nowhere\n${text}`,
    reason: /the new version does not work: its health check did not succeed.*No module named 'nowhere'/s,
  },
  {
    what: "a migration that fails",
    file: "app/postcards/migrations/0002_broken.py",
    change: () => FAILING_MIGRATION,
    reason: /migrate --noinput failed with exit code 1.*this migration is broken/s,
  },
];

const FAILING_MIGRATION = `from django.db import migrations


def fail(apps, schema_editor):
    raise RuntimeError("this migration is broken")


class Migration(migrations.Migration):
    dependencies = [("postcards", "0001_initial")]
    operations = [migrations.RunPython(fail)]
`;

describe("what does not work leaves the version that serves alone, and fails again until it is mended:", () => {
  for (const { what, file, change, reason, set } of BROKEN) {
    test(what, LONGEST, async (t) => {
      const mend = edit(file, change);
      try {
        for (const attempt of ["first", "second"]) {
          const { code, output } = await underLoad(t, set);
          assert.notEqual(code, 0, `${attempt}: ${output}`);
          assert.match(output, reason, `${attempt}: ${output.slice(-6000)}`);
          assert.match((await visitor().get("/")).body, /Greetings from version two/);
        }
      } finally {
        mend();
      }
      const { code, output } = await checkout.start();
      assert.equal(code, 0, output);
    });
  }
});
