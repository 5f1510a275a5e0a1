/** What README.md and docs/aws.md tell a newcomer to type, typed: only the environment is another one. */
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
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
  let moto: Moto;
  let person: Newcomer;
  before(async () => {
    moto = await Moto.start();
    person = await newcomer("documented", () => ({
      ...moto.environment,
      AWS_DEFAULT_REGION: "eu-central-1", // as `aws configure` writes it into a file
      PATH: `${moto.bin}:${process.env["PATH"] ?? ""}`,
    }));
  }, LONGEST);
  after(async () => {
    await moto.stop();
    await person.close();
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
    for (const line of [...first, ...own, ...deploy]) outputs[line] = await person.type(line);
    const [up = ""] = deploy.slice(-1);
    assert.match(outputs[up] ?? "", /https:\/\/shop\.example\.org/);
  });

  test("the state is in the bucket, and its secrets are encrypted with the key", async () => {
    const stackFile = parse(readFileSync(person.checkout.path("stacks/Pulumi.shop.yaml"), "utf8")) as Record<
      string,
      string
    >;
    assert.equal(stackFile["secretsprovider"], "awskms://alias/shop-pulumi?region=eu-central-1");
    assert.ok(stackFile["encryptedkey"]);
    const read = "aws s3 cp s3://shop-pulumi-state/.pulumi/stacks/wsgi-on-aws/shop.json -";
    const text = await person.type(read);
    const { checkpoint } = JSON.parse(text.slice(text.indexOf("{"))) as {
      checkpoint: { latest: { secrets_providers: { type: string } } };
    };
    assert.equal(checkpoint.latest.secrets_providers.type, "cloud");
    const secrets = person.aws.place.world
      .all(SECRET_VERSION)
      .map(({ properties }) => String(properties["secretString"]));
    assert.ok(secrets.length > 0);
    for (const secret of secrets) assert.equal(text.includes(secret), false);
  });

  test("what removes a stack removes this one", async () => {
    const output = await person.type("pulumi destroy --stack shop");
    assert.ok(
      readFileSync(join(import.meta.dirname, "../../../docs/aws.md"), "utf8").includes("`pulumi destroy --stack shop`"),
    );
    assert.match(output, /\d+ deleted/);
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
