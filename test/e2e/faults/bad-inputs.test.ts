/** What users get wrong: each ends with the key or file and the remedy, and the version that serves goes on serving. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { after, before, describe, test } from "node:test";
import { Checkout, type Finished } from "../checkout.ts";
import { Deployment } from "../deployment.ts";
import { Visitor } from "../visitor.ts";

const LONGEST = { timeout: 300_000 };
const PARTS = ["gunicorn-1", "gunicorn-2", "nginx"];

let checkout: Checkout;
let stack: Deployment;
let containers: string[];

before(async () => {
  checkout = await Checkout.make("bad-inputs");
  stack = new Deployment(checkout);
  const { code, output } = await checkout.start();
  assert.equal(code, 0, output);
  containers = PARTS.map((part) => stack.container(part));
}, LONGEST);
after(() => checkout.remove(), LONGEST);

interface Bad {
  readonly what: string;
  /** Behind `--set`, as the user types it. */
  readonly set?: readonly string[];
  readonly args?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  /** Prepares the copy, and returns what brings it back. */
  readonly make?: () => () => void;
  readonly says: readonly (string | RegExp)[];
}

const file = (path: string, text: string) => () => {
  writeFileSync(checkout.path(path), text);
  return () => {
    rmSync(checkout.path(path));
  };
};
/** A project in a folder of the copy. */
const project = (files: Readonly<Record<string, string>>, link?: string) => () => {
  mkdirSync(checkout.path("mine/x"), { recursive: true });
  for (const [path, text] of Object.entries(files)) writeFileSync(checkout.path(`mine/${path}`), text);
  if (link !== undefined) symlinkSync(link, checkout.path("mine/link"));
  return () => {
    rmSync(checkout.path("mine/x/.."), { recursive: true });
  };
};
const stackFile = (text: string) => file("stacks/Pulumi.bad.yaml", text);
const FLASK = { "app.py": "app = None\n", "requirements.txt": "flask\n" };
const MINE = ["projectDir=mine", "wsgiModule=app:app"];

const BAD: readonly Bad[] = [
  { what: "an unknown key", set: ["replica=3"], says: ['error: replica: is not a setting. Did you mean "replicas"?'] },
  { what: "a wrong type", set: ["replicas=many"], says: ["error: replicas:", "Write 2"] },
  { what: "a number out of range", set: ["replicas=99"], says: ["error: replicas:", "from 1 to 20"] },
  { what: "a wrong unit", set: ["uploadLimit=10mb"], says: ["error: uploadLimit:", '"10mb" is not a size', '"20m"'] },
  {
    what: "a planned host",
    set: ["host=ec2"],
    says: ['error: host: "ec2" is planned and not built yet. Write "ecs" or "docker".'],
  },
  { what: "an impossible pair", set: ["edge=alb"], says: ['error: edge: "alb" cannot stand before', 'Write "nginx"'] },
  {
    what: "several mistakes at once",
    set: ["port=80", "memory=1x", "colour=red"],
    says: ["error: port:", "error: memory:", "error: colour:"],
  },
  {
    what: "too long a time below a path",
    set: ["paths./a/={timeout: 9d}"],
    says: ["error: paths./a/.timeout:", '"1h"'],
  },
  {
    what: "a path that nginx serves itself",
    set: ["paths./static/={cache: 10s}"],
    says: ["error: paths./static/:", "Leave this path out"],
  },
  {
    what: "an error page that is not there",
    set: ['errorPages={"502": /static/down.html}'],
    says: ["errorPages: the project has no static file /static/down.html.", "collectstatic"],
  },
  {
    what: "a variable that the host sets",
    set: ["env.DATABASE_URL=x"],
    says: ["error: env.DATABASE_URL:", "Write database"],
  },
  { what: "a plain secret", set: ["secrets.KEY=hunter2"], says: ["error: secrets.KEY:", '"env:NAME" or "file:path"'] },
  {
    what: "a secret that is not set",
    set: ["secrets.KEY=env:NOT_SET_AT_ALL"],
    says: ["secrets.KEY:", "NOT_SET_AT_ALL is not set"],
  },
  {
    what: "a secret's file that is not there",
    set: ["secrets.KEY=file:nowhere.txt"],
    says: ["secrets.KEY:", "ENOENT"],
  },
  {
    what: "an index with a password",
    set: ["packageIndex=https://me:secret@example.com/simple"],
    says: ["error: packageIndex:", "without a password"],
  },
  { what: "no assignment", set: ["port"], says: ["error: --set port: is not an assignment.", "--set key=value"] },
  { what: "an unknown option", args: ["--sett", "port=1"], says: ["error: command line:", "Usage: npm start"] },
  {
    what: "an unknown stack",
    args: ["--stack", "locl"],
    says: ["error: --stack: there is no stacks/Pulumi.locl.yaml.", '"local"'],
  },
  {
    what: "broken YAML",
    args: ["--stack", "bad"],
    make: stackFile("config:\n  a: [1\nb"),
    says: [/error: stacks\/Pulumi\.bad\.yaml: line \d/],
  },
  {
    what: "a stack file without settings",
    args: ["--stack", "bad"],
    make: stackFile("konfig: 1\n"),
    says: ["error: stacks/Pulumi.bad.yaml:", "config:"],
  },
  { what: "a project folder that is not there", set: ["projectDir=nowhere"], says: ["projectDir:", "nowhere"] },
  {
    what: "a file as project folder",
    set: ["projectDir=package.json"],
    says: ['error: projectDir: "package.json" is not a folder.'],
  },
  {
    what: "a module that is not there",
    set: ["wsgiModule=site.wsgi"],
    says: ["wsgiModule:", 'Found: "site_config.wsgi"'],
  },
  {
    what: "settings that are not there",
    set: ["settingsModule=site.settings"],
    says: ["settingsModule:", "site_config/settings.py"],
  },
  {
    what: "no requirements",
    set: MINE,
    make: project({ "app.py": "app = None\n" }),
    says: ["requirements.txt", "uv.lock"],
  },
  {
    what: "a link out of the project",
    set: MINE,
    make: project(FLASK, "/etc/passwd"),
    says: ["error: mine/link: is a symbolic link", "name the link in .dockerignore"],
  },
  {
    what: "a Dockerfile that is not there",
    set: ["dockerfile=Dockerfile.mine"],
    says: ["dockerfile:", "Dockerfile.mine"],
  },
  {
    what: "a Dockerfile that does not build",
    set: [...MINE, "dockerfile=Dockerfile"],
    make: project({
      ...FLASK,
      Dockerfile: "FROM debian:13-slim AS gunicorn\nRUN nonsense-command\nFROM gunicorn AS nginx\n",
    }),
    says: ["nonsense-command", "not found"],
  },
  {
    what: "a requirement that does not exist",
    set: MINE,
    make: project({ ...FLASK, "requirements.txt": "no-such-package-here==1.0\n" }),
    says: ["no-such-package-here"],
  },
  {
    what: "a Debian package that does not exist",
    set: ["systemPackages={run: [no-such-library]}"],
    says: ["no-such-library"],
  },
  {
    what: "a certificate file that is not there",
    set: ["extraCaFile=ca.pem"],
    says: ["extraCaFile:", "ca.pem", "PEM file"],
  },
  { what: "more processors than there are", set: ["cpu=16"], says: [/CPUs? available/] },
  {
    what: "a Docker engine that cannot be reached",
    env: { DOCKER_HOST: "unix:///nowhere.sock" },
    says: ["DOCKER_HOST=unix:///nowhere.sock"],
  },
  {
    what: "a lost salt of the secrets",
    make: () => {
      const salt = checkout.path(".local/init/Pulumi.local.yaml");
      renameSync(salt, `${salt}.lost`);
      return () => {
        renameSync(`${salt}.lost`, salt);
      };
    },
    says: ["error: .local/state:", "Bring the file back"],
  },
  {
    what: "a full disk",
    make: () => {
      const folder = checkout.path(".local/context/x").slice(0, -2);
      rmSync(folder, { recursive: true });
      mkdirSync(folder);
      assert.equal(spawnSync("mount", ["-t", "tmpfs", "-o", "size=4k", "tmpfs", folder]).status, 0);
      return () => {
        assert.equal(spawnSync("umount", [folder]).status, 0);
      };
    },
    says: [".local/context/local/app: cannot be written: no space is left", "Free some"],
  },
];

describe("npm start refuses", () => {
  for (const bad of BAD) {
    test(bad.what, LONGEST, async () => {
      const undo = bad.make?.();
      let finished: Finished;
      try {
        const set = (bad.set ?? []).flatMap((assignment) => ["--set", assignment]);
        finished = await checkout.run("start", [...checkout.settings(), ...set, ...(bad.args ?? [])], bad.env);
      } finally {
        undo?.();
      }
      await assertRefused(finished, bad.says);
    });
  }

  test("a port that another program has", LONGEST, async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const address = server.address();
    const port = typeof address === "object" && address ? address.port : 0;
    const finished = await checkout.run("start", ["--set", `port=${port}`]);
    server.close();
    await assertRefused(finished, [`error: port: 127.0.0.1:${port} is taken`, `--set port=${port + 1}`]);
  });
});

async function assertRefused({ code, output }: Finished, says: readonly (string | RegExp)[]): Promise<void> {
  assert.notEqual(code, 0, output);
  for (const text of says) {
    assert.ok(
      typeof text === "string" ? output.includes(text) : text.test(output),
      `${String(text)} is not in:\n${output.slice(-3000)}`,
    );
  }
  assert.doesNotMatch(output, /^\s+at .*:\d+:\d+\)?$/m, "a stack trace of ours");
  assert.deepEqual(
    PARTS.map((part) => stack.container(part)),
    containers,
  );
  assert.equal((await new Visitor(checkout.port).get("/")).status, 200);
}

for (const command of ["nginx", "plan"]) {
  test(`npm run ${command} with a wrong setting prints nothing but the message, on standard error`, () => {
    const args = ["run", "--silent", command, "--", "--stack", "local", "--set", "colour=red"];
    const { status, stdout, stderr } = spawnSync("npm", args, { cwd: checkout.root, encoding: "utf8" });
    assert.deepEqual([status, stdout], [1, ""]);
    assert.match(stderr, /^error: colour: is not a setting\./m);
  });
}

test("afterwards npm start changes nothing: none of it was half done", LONGEST, async () => {
  const { code, output } = await checkout.start();
  assert.equal(code, 0, output);
  assert.deepEqual(
    PARTS.map((part) => stack.container(part)),
    containers,
  );
});
