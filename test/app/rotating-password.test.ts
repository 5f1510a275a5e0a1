/** The sample project outlives a password that changes: a real PostgreSQL, Gunicorn and botocore, and a stand-in secret. */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { rdsCertificates } from "../../components/image/rds-ca.ts";
import { Postgres } from "./rotating/postgres.ts";
import { ARN, SecretsManager, type Answer } from "./rotating/secrets-manager.ts";
import { python, Site, WORKERS, type SiteOptions } from "./rotating/site.ts";
import { environment } from "./rotating/venv.ts";

const DRIVERS = ["psycopg", "psycopg2"] as const;

suite("a password that rotates", () => {
  let bin: string;
  let postgres: Postgres;
  let secrets: SecretsManager;
  let password = randomBytes(12).toString("hex");
  const passwords = [password];

  before(async () => {
    bin = await environment();
    postgres = await Postgres.start(password);
    secrets = await SecretsManager.start();
    secrets.holds(password);
    const { code, text } = await python(options("psycopg"), "manage.py", "migrate", "--verbosity", "0");
    assert.equal(code, 0, text);
  });
  after(() => {
    secrets.stop();
    postgres.stop();
  });

  const options = (driver: SiteOptions["driver"], settings?: string, env: SiteOptions["env"] = {}): SiteOptions => ({
    bin,
    driver,
    ...(settings !== undefined && { settings }),
    env: {
      DATABASE_HOST: "localhost",
      DATABASE_PORT: String(postgres.port),
      DATABASE_NAME: "wall",
      DATABASE_USER: "app",
      DATABASE_PASSWORD_SECRET: ARN,
      PGSSLMODE: "verify-full",
      PGSSLROOTCERT: postgres.authority,
      ...secrets.environment,
      ...env,
    },
  });
  /** What RDS does: the database first; the secret follows. */
  async function rotate(secondsBetween = 0): Promise<void> {
    password = randomBytes(12).toString("hex");
    passwords.push(password);
    postgres.query(`ALTER ROLE app PASSWORD '${password}'`);
    if (secondsBetween > 0) await sleep(secondsBetween * 1000); // else nobody can ask between the two
    secrets.holds(password);
  }
  async function withSite(given: SiteOptions, act: (site: Site) => Promise<void>): Promise<void> {
    const site = await Site.start(given);
    try {
      await act(site);
      for (const one of passwords) assert.ok(!site.log.includes(one), "a password is in the log");
    } finally {
      await site.stop();
    }
  }
  const newReads = () => secrets.reads.splice(0).length;
  /** Visits until each process has read the secret: the kernel gives some bursts to one of them alone. */
  async function reachAll(site: Site): Promise<void> {
    for (let tries = 0; secrets.reads.length < WORKERS && tries < 20; tries++) all200(await site.burst(), site);
    all200(await site.burst(), site);
  }
  const all200 = (statuses: readonly number[], site: Site) => {
    assert.deepEqual([...new Set(statuses)], [200], site.log.slice(-3000));
  };

  for (const driver of DRIVERS) {
    test(`${driver}: connections that are there live on, new ones take the new password, read once by each process`, async () => {
      newReads();
      await withSite(options(driver), async (site) => {
        await reachAll(site);
        assert.match(secrets.reads[0] ?? "", /^secretsmanager\.GetSecretValue .*\/eu-central-1\/secretsmanager\//);
        assert.equal(newReads(), WORKERS);
        const before = postgres.backends();
        await rotate();
        all200([await site.get(), await site.get()], site);
        assert.deepEqual(
          before.filter((pid) => !postgres.backends().includes(pid)),
          [],
        );
        postgres.closeAll();
        await reachAll(site);
        assert.equal(newReads(), WORKERS);
        assert.equal(postgres.backends().filter((pid) => before.includes(pid)).length, 0);
      });
    });

    test(`${driver}: no request fails while it rotates, though each makes a connection and the secret comes late`, async (t) => {
      await withSite(options(driver, "new_connections"), async (site) => {
        all200(await site.burst(), site);
        const seen = await site.under(6, async () => {
          for (const secondsBetween of [0, 1]) {
            await sleep(300);
            await rotate(secondsBetween);
          }
          await sleep(1500);
        });
        t.diagnostic(`${seen.length} requests`);
        all200(seen, site);
        assert.ok(seen.length > 50, String(seen.length));
        newReads();
        all200(await site.burst(), site);
        assert.equal(newReads(), 0);
      });
    });

    test(`${driver}: the server is known by its certificate and its name, or refused`, async () => {
      const ask = (env: Record<string, string>) => python(options(driver, undefined, env), "manage.py", "migrate", "--check");
      const amazon = join(postgres.folder, "rds-ca.pem");
      writeFileSync(amazon, rdsCertificates("eu-central-1"), { mode: 0o644 });
      const [right, foreign, elsewhere] = await Promise.all([
        ask({}),
        ask({ PGSSLROOTCERT: amazon }),
        ask({ DATABASE_HOST: "127.0.0.1" }),
      ]);
      assert.equal(right.code, 0, right.text);
      assert.match(foreign.text, /certificate verify failed/);
      assert.match(elsewhere.text, /does not match host name "127\.0\.0\.1"/);
      assert.deepEqual([foreign.code, elsewhere.code], [1, 1]);
    });
  }

  test("a wrong secret is an error soon, at once for the next visitor, and is outlived", async () => {
    secrets.holds("wrong");
    newReads();
    try {
      await withSite({ ...options("psycopg2", "new_connections"), workers: 1 }, async (site) => {
        const started = Date.now();
        assert.deepEqual([...new Set(await site.burst())], [500]);
        assert.equal(newReads(), 5); // at the start, and four looks within 3.5 s
        assert.ok(Date.now() - started < 8000, String(Date.now() - started));
        const again = Date.now();
        assert.deepEqual([...new Set(await site.burst())], [500]);
        assert.ok(Date.now() - again < 2000, String(Date.now() - again));
        assert.ok(site.log.includes(`PostgreSQL refuses the password that ${ARN} holds`), site.log);
        secrets.holds(password);
        await sleep(5000);
        all200(await site.burst(), site);
      });
    } finally {
      secrets.holds(password);
    }
  });

  test("psycopg's pool makes its connections with the password of the moment", async () => {
    newReads();
    await withSite(options("psycopg", "pooled"), async (site) => {
      await reachAll(site);
      newReads(); // before: the pool still grows in the background, and meets the new password by itself
      await rotate();
      postgres.closeAll();
      await reachAll(site);
      assert.equal(newReads(), WORKERS);
    });
  });

  test("dbshell and test databases get it too", async () => {
    const { code, text } = await python(options("psycopg"), "manage.py", "dbshell", "--", "-At");
    assert.equal(code, 0, text);
    assert.match(text, new RegExp(`^${password} .*-h localhost -p ${postgres.port} .*-At`));
    const tests = await python(options("psycopg"), "manage.py", "test", "--verbosity", "0");
    assert.match(tests.text, /Ran \d+ tests in [\d.]+s\n\nOK\n/);
  });

  const ROLE = /secretsmanager:GetSecretValue/;
  const failures: readonly (readonly [string, Answer, RegExp, SiteOptions["env"]?])[] = [
    ["no permission", { error: "AccessDeniedException" }, ROLE],
    ["a secret that is gone", { error: "ResourceNotFoundException" }, /It is gone/],
    ["a secret without password", { secret: '{"username": "app"}' }, /: no password\. /],
    ["no answer", "silence", /ReadTimeoutError\. Secrets Manager does not answer/],
    ["no way", "silence", /EndpointConnectionError\. /, { AWS_ENDPOINT_URL_SECRETS_MANAGER: "http://127.0.0.1:1" }],
    ["no credentials", "silence", ROLE, { AWS_CONTAINER_CREDENTIALS_FULL_URI: undefined, AWS_EC2_METADATA_DISABLED: "true" }],
  ];
  suite("a secret that cannot be read", { concurrency: true }, () => {
    for (const [name, answer, expected, env = {}] of failures) {
      test(`${name}: one line that names the secret and the remedy, in bounded time`, async () => {
        const own = await SecretsManager.start();
        own.answer = answer;
        const given = options("psycopg", undefined, { ...own.environment, ...env });
        const { code, text, seconds } = await python(given, "manage.py", "migrate", "--check");
        own.stop();
        const last = text.trim().split("\n").at(-1) ?? "";
        assert.equal(code, 1);
        assert.match(last, expected);
        assert.ok(last.includes(`The database's password cannot be read from ${ARN}: `), text);
        assert.ok(seconds < 18, String(seconds));
      });
    }
  });
});
