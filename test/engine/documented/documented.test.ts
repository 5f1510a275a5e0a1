/** What README.md and docs/aws.md tell a newcomer to type, typed: only the environment is another one. */
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { parse } from "yaml";
import { useAwsTools } from "../../../commands/lib/session.ts";
import { startAws, type InMemoryAws } from "../../../tools/aws/in-memory-aws.ts";
import { SECRET_VERSION } from "../../../tools/aws/records/secrets-manager.ts";
import { Checkout } from "../../e2e/checkout.ts";
import { documented } from "./commands.ts";
import { Moto } from "./moto.ts";
import { run, typed } from "./terminal.ts";

const ROOT = join(import.meta.dirname, "../../..");
const KEY = "awskms://alias/shop-pulumi?region=eu-central-1";
const LONGEST = { timeout: 400_000 };
/** A newcomer's answers; the other questions take what is suggested. */
const ANSWERS = {
  "AWS region [": "",
  "Folder of your Django project": "",
  "Its WSGI module": "",
  "Domain of the site": "shop.example.org",
  "Route 53 zone of the domain": "example.org",
  "dev (cheap": "",
};

/** Go writes these three of a password's characters as \u0026 and the like, with more backslashes in a text inside of a text. */
const unescaped = (json: string) =>
  json.replace(/\\+u00(26|3c|3e)/g, (_, code: string) => String.fromCharCode(parseInt(code, 16)));

interface Newcomer {
  readonly checkout: Checkout;
  readonly aws: InMemoryAws;
  readonly type: (line: string) => Promise<string>;
  readonly close: () => Promise<void>;
}

/** A clone, an account with a zone, and a terminal. */
async function newcomer(name: string, env: (folder: string) => NodeJS.ProcessEnv): Promise<Newcomer> {
  const folder = mkdtempSync(join(tmpdir(), "wsgi-on-aws-newcomer-"));
  const checkout = await Checkout.make(name);
  const seed = { zones: [{ zoneId: "Z0123456789ABC", name: "example.org" }] };
  const aws = await startAws({ folder, region: "eu-central-1", seed, ...(await useAwsTools()) });
  const environment = {
    ...process.env,
    ...aws.env,
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_SKIP_CONFIRMATIONS: "true",
    ...env(folder),
  };
  return {
    checkout,
    aws,
    type: async (line) => {
      const { code, output } = line.startsWith("npm run new")
        ? await typed(line, checkout.root, environment, ANSWERS)
        : await run(line, checkout.root, environment);
      assert.equal(code, 0, `${line}\n${output.slice(-4000)}`);
      return output;
    },
    close: async () => {
      checkout.forget();
      await aws.close();
      rmSync(folder, { recursive: true });
    },
  };
}

suite("docs/aws.md, with a bucket and a key of one's own", LONGEST, () => {
  const [first = [], cloud = [], own = [], deploy = []] = documented("docs/aws.md", "The first deployment");
  const outputs: Record<string, string> = {};
  let moto: Moto | undefined;
  let person: Newcomer | undefined;
  const newcomerOf = (): Newcomer => {
    assert.ok(person);
    return person;
  };
  before(async () => {
    moto = await Moto.start();
    const { bin, environment } = moto;
    person = await newcomer("documented", () => ({
      ...environment,
      AWS_DEFAULT_REGION: "us-west-2", // what somebody has configured for another project
      PATH: `${bin}:${process.env["PATH"] ?? ""}`,
    }));
  }, LONGEST);
  after(async () => {
    await person?.close();
    await moto?.stop();
  }, LONGEST);

  test("has the commands that this test expects, in four blocks", () => {
    const words = [first, cloud, own, deploy].map((block) =>
      block.map((line) => line.split(" ").slice(0, 3).join(" ")),
    );
    assert.deepEqual(words, [
      ["npm run new", "npm run -s", "npm run -s"],
      ["pulumi login", "pulumi stack init"],
      [
        "aws s3api create-bucket",
        "aws s3api put-bucket-versioning",
        "aws kms create-alias",
        "pulumi login 's3://shop-pulumi-state?region=eu-central-1'",
        "pulumi stack init",
      ],
      ["pulumi preview --stack", "pulumi up --stack"],
    ]);
  });

  test("each command ends well, typed as it stands", LONGEST, async () => {
    for (const line of [...first, ...own, ...deploy]) outputs[line] = await newcomerOf().type(line);
    const [up = ""] = deploy.slice(-1);
    assert.match(outputs[up] ?? "", /https:\/\/shop\.example\.org/);
  });

  test("the state is in the bucket, and its secrets are encrypted with the key", LONGEST, async () => {
    const { checkout, aws, type } = newcomerOf();
    const stackFile = parse(readFileSync(checkout.path("stacks/Pulumi.shop.yaml"), "utf8")) as Record<string, string>;
    assert.equal(stackFile["secretsprovider"], KEY);
    assert.ok(stackFile["encryptedkey"]);
    await type("aws s3 sync --quiet s3://shop-pulumi-state .local/bucket");
    const bucket = checkout.path(".local/bucket");
    const files = readdirSync(bucket, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    const texts = files.map(({ parentPath, name }) => readFileSync(join(parentPath, name), "utf8"));
    const state = readFileSync(join(bucket, ".pulumi/stacks/wsgi-on-aws/shop.json"), "utf8");
    const { checkpoint } = JSON.parse(state) as {
      checkpoint: { latest: { secrets_providers: { type: string; state: { url: string } } } };
    };
    const { type: kind, state: provider } = checkpoint.latest.secrets_providers;
    assert.deepEqual([kind, provider.url], ["cloud", KEY]);
    const secrets = aws.place.world.all(SECRET_VERSION).map(({ properties }) => String(properties["secretString"]));
    const shown = unescaped(await type("pulumi stack export --stack shop --show-secrets"));
    assert.equal(secrets.filter((secret) => shown.includes(secret)).length, 1); // SECRET_KEY; the other is RDS's own
    for (const secret of secrets) assert.ok(!texts.some((text) => unescaped(text).includes(secret)));
  });

  test("what removes a stack removes this one", LONGEST, async () => {
    const { aws, type } = newcomerOf();
    const [line] = /(?<=^`)pulumi destroy [^`]+/m.exec(readFileSync(join(ROOT, "docs/aws.md"), "utf8")) ?? [];
    assert.equal(line, "pulumi destroy --stack shop");
    assert.match(await type(line), /\d+ deleted/);
    const left = new Set(aws.place.world.all().map(({ type: of }) => of));
    assert.deepEqual([...left].sort(), ["aws:ecs/taskDefinition:TaskDefinition", "aws:route53/record:Record"]);
  });
});

test("README.md, section On AWS, with a folder in the place of Pulumi Cloud", LONGEST, async () => {
  const person = await newcomer("documented-readme", (folder) => {
    mkdirSync(join(folder, "state"));
    return { PULUMI_BACKEND_URL: `file://${folder}/state`, PULUMI_CONFIG_PASSPHRASE: "throw-away" };
  });
  try {
    const lines = documented("README.md", "On AWS").flat();
    assert.deepEqual(lines.at(-1), "pulumi up --stack shop");
    let output = "";
    for (const line of lines) output = await person.type(line);
    assert.match(output, /https:\/\/shop\.example\.org/);
  } finally {
    await person.close();
  }
});
