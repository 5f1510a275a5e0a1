import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { UserError } from "../../../components/shared/user-error.ts";
import { awsConfig, parseSettings } from "../../../infra/settings.ts";
import { problems } from "./problems.ts";

/** The five settings that are enough. */
const five = {
  projectDir: "app",
  wsgiModule: "shop.wsgi",
  domain: "shop.example.com",
  zone: "example.com",
  profile: "dev",
};

describe("settings on ecs", () => {
  it("follow from five and a profile", () => {
    const dev = parseSettings(five);
    assert.ok(dev.host === "ecs");
    const { edge, replicas, cpu, memory, egress, databaseClass, allowedHosts, media } = dev;
    assert.deepEqual(
      { edge, replicas, cpu, memory, egress, databaseClass, allowedHosts, media },
      {
        edge: "alb",
        replicas: 1,
        cpu: 0.25,
        memory: "512m",
        egress: "public-ip",
        databaseClass: "db.t4g.micro",
        allowedHosts: ["shop.example.com"],
        media: "none",
      },
    );
    const prod = parseSettings({ ...five, profile: "prod" });
    assert.ok(prod.host === "ecs");
    assert.deepEqual(
      [prod.replicas, prod.cpu, prod.memory, prod.egress, prod.databaseClass],
      [2, 0.5, "1g", "nat-per-zone", "db.t4g.small"],
    );
  });

  it("win over the profile, and a wildcard answers for all subdomains", () => {
    const settings = parseSettings({ ...five, replicas: 3, egress: "nat", alternativeNames: ["*.shop.example.com"] });
    assert.ok(settings.host === "ecs");
    assert.deepEqual([settings.replicas, settings.egress], [3, "nat"]);
    assert.deepEqual(settings.allowedHosts, ["shop.example.com", ".shop.example.com"]);
  });

  const ARN = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:shop-AbCdEf";
  const refused: readonly [string, Record<string, unknown>, string][] = [
    ["no profile", { profile: undefined }, 'profile: is missing. Write "dev" or "prod".'],
    ["no domain", { domain: undefined }, 'domain: is missing. Write "shop.example.com".'],
    [
      "a URL for a domain",
      { domain: "https://shop.example.com" },
      'domain: "https://shop.example.com" is not a domain. Write "shop.example.com".',
    ],
    [
      "a domain outside its zone",
      { domain: "shop.example.org" },
      'domain: "shop.example.org" does not belong to the zone "example.com". Write a name that ends with ".example.com", or another zone.',
    ],
    [
      "a name twice",
      { alternativeNames: ["shop.example.com"] },
      'alternativeNames.0: "shop.example.com" stands there twice. Leave it out.',
    ],
    [
      "uploads on a task's disk",
      { media: "volume" },
      'media: "volume" cannot be on ecs: the disk of a task is lost at each deployment, and no task sees another\'s. Write "none", and keep uploads in a bucket with django-storages.',
    ],
    ["a port", { port: 8080 }, 'port: is a setting of the host "docker", and this stack\'s is "ecs". Leave it out.'],
    [
      "another edge",
      { edge: "nginx" },
      'edge: "nginx" before the host "ecs" is planned and not built yet. Write "alb".',
    ],
    [
      "too much memory for its processor",
      { cpu: 0.25, memory: "4g" },
      'memory: "4g" does not go with 0.25 vCPU on Fargate. Write one of 512m, 1g, 2g.',
    ],
    ["a size that Fargate lacks", { cpu: 3 }, "cpu: 3 is not a size of Fargate. Write 0.25, 0.5, 1, 2, 4, 8, 16."],
    [
      "an existing database without its address",
      { database: "existing" },
      'database: "existing" needs the address of your database, and there is none. Write secrets: { DATABASE_URL: <ARN of the secret that holds it> }.',
    ],
    [
      "the address of a database of our own",
      { secrets: { DATABASE_URL: ARN } },
      "secrets.DATABASE_URL: is set by the host. Write database.",
    ],
    [
      "a secret of this machine",
      { secrets: { API_KEY: "env:API_KEY" } },
      'secrets.API_KEY: "env:API_KEY" is not the ARN of a secret. Write "arn:aws:secretsmanager:<region>:<account>:secret:<name>", with ":key" behind it for one key of a JSON secret.',
    ],
    [
      "a second https",
      { egressPorts: { https: 8443 } },
      "egressPorts.https: is open already, on port 443. Leave it out, or choose another name.",
    ],
    [
      "a port twice",
      { egressPorts: { smtp: 587, mail: 587 } },
      "egressPorts.mail: port 587 is open already, as smtp. Leave one of them out.",
    ],
  ];
  for (const [name, change, message] of refused) {
    it(`refuse ${name}`, () => {
      assert.deepEqual(problems({ ...five, ...change }), [message]);
    });
  }

  it("take a secret by its ARN, with and without a key", () => {
    const secrets = { A: ARN, B: `${ARN}:key`, DATABASE_URL: ARN };
    assert.deepEqual(parseSettings({ ...five, database: "existing", secrets }).secrets, secrets);
  });
});

describe("the region", () => {
  it("is read beside them", () => {
    assert.deepEqual(awsConfig({ "aws:region": "us-gov-west-1" }), { region: "us-gov-west-1" });
    assert.deepEqual(awsConfig({ "aws:region": "eu-central-1", "aws:profile": "shop" }), {
      region: "eu-central-1",
      profile: "shop",
    });
  });

  it("is asked for when it is missing or none", () => {
    for (const [config, what] of [
      [{}, "is missing."],
      [{ "aws:region": "frankfurt" }, '"frankfurt" is not a region of AWS.'],
    ] as const) {
      assert.throws(
        () => awsConfig(config),
        new UserError([{ where: "aws:region", what, remedy: 'Write a region such as "eu-central-1".' }]),
      );
    }
  });
});
