import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { project, toolbox } from "./toolbox.ts";

const NAME = "tools-test-image:dev";
const PROGRAM = `
  import * as docker from "@pulumi/docker";
  import * as pulumi from "@pulumi/pulumi";
  const image = new docker.Image("image", {
    imageName: "${NAME}",
    skipPush: true,
    build: {
      context: "context", dockerfile: "context/Dockerfile", platform: "linux/amd64", target: "last",
      args: { PLAIN: "shown", HIDDEN: pulumi.secret("never-shown") },
    },
  });
  export const { repoDigest, imageName, baseImageName } = image;
`;

test("docker.Image through the engine", async (t) => {
  const box = await toolbox("engine", "language host", "provider docker", "docker engine");
  const stack = await project(box, PROGRAM);
  const docker = (...args: string[]): string =>
    execFileSync("docker", args, { encoding: "utf8", env: { ...process.env, ...box.env } }).trim();
  t.after(() => {
    docker("image", "rm", "--force", NAME);
    docker("image", "prune", "--force", "--filter", "label=hidden=never-shown");
    stack.remove();
  });
  const up = (): ReturnType<typeof stack.pulumi> => stack.pulumi("up", "--yes", "--skip-preview");
  const dockerfile = (last: string): void => {
    stack.write(
      "context/Dockerfile",
      `FROM scratch AS last\nARG PLAIN\nARG HIDDEN\nLABEL plain=$PLAIN hidden=$HIDDEN\n${last}\nFROM last AS unused\nCOPY nothing /\n`,
    );
  };
  mkdirSync(join(stack.folder, "context"));
  dockerfile("COPY . /");
  stack.write("context/file.txt", "one");
  stack.write("context/ignored.txt", "one");
  stack.write("context/.dockerignore", "ignored.txt\n");
  const contents = ["file.txt", "Dockerfile", ".dockerignore"];
  for (const name of contents) chmodSync(join(stack.folder, "context", name), 0o644);

  await t.test("builds the target with its arguments; the digest is the local image's", async () => {
    const { code, text } = await up();
    assert.equal(code, 0, text);
    assert.doesNotMatch(text, /never-shown|from \$PATH/);
    const outputs = await stack.pulumi("stack", "output", "--json");
    assert.deepEqual(JSON.parse(outputs.text), {
      repoDigest: docker("image", "inspect", "--format", "{{.Id}}", NAME),
      imageName: NAME,
      baseImageName: NAME,
    });
    const labels: unknown = JSON.parse(docker("image", "inspect", "--format", "{{json .Config.Labels}}", NAME));
    assert.deepEqual(labels, { plain: "shown", hidden: "never-shown" });
  });

  await t.test("sees a changed content, mode and name, and no ignored file", async () => {
    const changes = async (): Promise<string> =>
      /(\d) to update/.exec((await stack.pulumi("preview")).text)?.[1] ?? "0";
    stack.write("context/ignored.txt", "two");
    assert.equal(await changes(), "0");
    stack.write("context/file.txt", "two");
    assert.equal(await changes(), "1", "content");
    stack.write("context/file.txt", "one");
    chmodSync(join(stack.folder, "context/file.txt"), 0o755);
    assert.equal(await changes(), "1", "mode");
    chmodSync(join(stack.folder, "context/file.txt"), 0o644);
    stack.write("context/new.txt", "");
    assert.equal(await changes(), "1", "a new file");
    assert.match((await up()).text, /~ 1 updated/);
    assert.equal(await changes(), "0");
  });

  await t.test("a failing build fails with its last lines, and again until it is mended", async () => {
    dockerfile("COPY missing-file /");
    for (let time = 0; time < 2; time += 1) {
      const { code, text } = await up();
      assert.notEqual(code, 0);
      assert.match(text, /docker build failed .*its last lines:.*missing-file.*not found/s);
      assert.doesNotMatch(text, /never-shown/);
    }
    dockerfile("COPY . /");
    assert.equal((await up()).code, 0);
  });
});
