/** The release command runs once for each change, whoever is killed meanwhile: counted inside PostgreSQL. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { changes, Checkout, docker } from "../checkout.ts";
import { Deployment } from "../deployment.ts";
import { killed, printed } from "../killed.ts";
import { Visitor } from "../visitor.ts";

const LONGEST = { timeout: 400_000 };
const SETTINGS = { database: "postgres" };

/** Counts each run of `migrate` on a connection of its own: a migration that is rolled back counts, too. */
const COUNTING_APP = `import os

import psycopg
from django.apps import AppConfig
from django.db.models.signals import pre_migrate


def count(sender, **kwargs):
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS migrate_runs (at timestamptz DEFAULT now())")
        connection.execute("INSERT INTO migrate_runs DEFAULT VALUES")


class PostcardsConfig(AppConfig):
    name = "postcards"

    def ready(self):
        pre_migrate.connect(count, sender=self)
`;

/** Slow, outside a transaction, and wrong when it runs twice. */
const slowMigration = (number: number) => `import time

from django.db import migrations


def step(name):
    def run(apps, schema_editor):
        schema_editor.execute("CREATE TABLE IF NOT EXISTS steps (name text)")
        schema_editor.execute(f"INSERT INTO steps VALUES ('${number}-{name}')")
        time.sleep(4)

    return migrations.RunPython(run)


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("postcards", "${number === 2 ? "0001_initial" : `000${number - 1}_slow`}")]
    operations = [step("one"), step("two")]
`;

let checkout: Checkout;
let stack: Deployment;

before(async () => {
  checkout = await Checkout.make("migrations");
  stack = new Deployment(checkout);
  writeFileSync(checkout.path("app/postcards/apps.py"), COUNTING_APP);
}, LONGEST);
after(() => checkout.remove(), LONGEST);

const sql = (query: string) =>
  docker("exec", stack.container("postgres"), "psql", "-U", "app", "-d", "app", "-Atc", query);
const runs = () => Number(sql("SELECT count(*) FROM migrate_runs"));
const steps = () => sql("SELECT name FROM steps ORDER BY name").split("\n");
const start = () => checkout.start(SETTINGS);
const addSlowMigration = (number: number) => {
  writeFileSync(checkout.path(`app/postcards/migrations/000${number}_slow.py`), slowMigration(number));
};

test("once for the first start, with two replicas, and not again without a change", LONGEST, async () => {
  const first = await start();
  assert.equal(first.code, 0, first.output);
  assert.equal(runs(), 1);
  const second = await start();
  assert.equal(second.code, 0, second.output);
  assert.deepEqual(Object.keys(changes(second.output)), ["unchanged"]);
  assert.equal(runs(), 1);
});

test("never in a preview, once for a new image", LONGEST, async () => {
  addSlowMigration(2);
  const config = ["--stack", "local", "--config-file", ".local/config/Pulumi.local.yaml", "--non-interactive"];
  const local = join(checkout.root, ".local");
  const env = {
    ...process.env,
    PATH: `${join(local, "tools/bin")}:${process.env.PATH ?? ""}`,
    PULUMI_HOME: join(local, "pulumi-home"),
    PULUMI_BACKEND_URL: `file://${join(local, "state")}`,
    PULUMI_CONFIG_PASSPHRASE_FILE: join(local, "passphrase"),
  };
  const preview = spawnSync("pulumi", ["preview", ...config], { cwd: checkout.root, env, encoding: "utf8" });
  assert.equal(preview.status, 0, preview.stdout + preview.stderr);
  assert.match(preview.stdout, /gunicorn-image-build/);
  assert.equal(runs(), 1);

  const { code, output } = await start();
  assert.equal(code, 0, output);
  assert.equal(runs(), 2);
  assert.deepEqual(steps(), ["2-one", "2-two"]);
});

test("once when the deployment is killed while it runs, and started again", LONGEST, async () => {
  addSlowMigration(3);
  const running = checkout.begin("start", checkout.settings(SETTINGS));
  await printed(running, /migrate --noinput: started/);
  await killed(running);
  assert.equal(runs(), 3);

  const again = await start();
  assert.equal(again.code, 0, again.output);
  assert.match(again.output, /still running from an interrupted deployment|already done by an interrupted deployment/);
  assert.equal(runs(), 3);
  assert.deepEqual(steps(), ["2-one", "2-two", "3-one", "3-two"]);
  assert.equal((await new Visitor(checkout.port).get("/")).status, 200);
  assert.deepEqual(Object.keys(changes((await start()).output)), ["unchanged"]);
});

test("one after the other when the image changes between the kill and the next start", LONGEST, async () => {
  addSlowMigration(4);
  const running = checkout.begin("start", checkout.settings(SETTINGS));
  await printed(running, /migrate --noinput: started/);
  await killed(running);
  writeFileSync(checkout.path("app/postcards/later.py"), "LATER = True\n");

  const again = await start();
  assert.equal(again.code, 0, again.output);
  assert.equal(runs(), 5);
  assert.deepEqual(steps(), ["2-one", "2-two", "3-one", "3-two", "4-one", "4-two"]);
});
