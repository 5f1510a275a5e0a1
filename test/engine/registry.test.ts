/** The registry that stands for ECR, with the real Docker engine: by digest, with tags that move, and gone when it is closed. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { startRegistry, type Registry } from "../../tools/aws/registry.ts";

const docker = (...args: string[]): string => execFileSync("docker", args, { encoding: "utf8" }).trim();

describe("the registry", { timeout: 120_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), "wsgi-on-aws-registry-"));
  const made = new Set<string>();
  let registry: Registry;
  before(async () => {
    registry = await startRegistry("docker-registry", join(folder, "registry"));
  });
  after(() => {
    registry.close();
    docker("image", "rm", "--force", ...made);
    rmSync(folder, { recursive: true });
  });

  /** Pushes an image that holds one text; returns its repository and digest. */
  function push(text: string): string {
    const tag = `${registry.host}/aws-registry-test:1`;
    writeFileSync(join(folder, "text"), text);
    execFileSync("tar", ["--create", "--file", join(folder, "image.tar"), "--directory", folder, "text"]);
    made.add(docker("import", join(folder, "image.tar"), tag));
    docker("push", "--quiet", tag);
    return docker("image", "inspect", "--format", "{{index .RepoDigests 0}}", tag);
  }

  test("takes an image and gives it by the digest that it was told", () => {
    const pushed = push("one");
    assert.match(pushed, /^127\.0\.0\.1:\d+\/aws-registry-test@sha256:[0-9a-f]{64}$/);
    docker("image", "rm", "--force", ...made);
    docker("pull", "--quiet", pushed);
    assert.equal(docker("image", "inspect", "--format", "{{index .RepoDigests 0}}", pushed), pushed);
  });

  test("lets a tag move; the old digest stays", async () => {
    const [first, second] = [push("two"), push("three")];
    assert.notEqual(first, second);
    const digest = async (reference: string) => {
      const accept = "application/vnd.docker.distribution.manifest.v2+json";
      const url = `http://${registry.host}/v2/aws-registry-test/manifests/${reference}`;
      const { status, headers } = await fetch(url, { headers: { accept } });
      return [status, headers.get("docker-content-digest")];
    };
    const [old, now] = [first.split("@")[1] ?? "", second.split("@")[1] ?? ""];
    assert.deepEqual(await digest("1"), [200, now]);
    assert.deepEqual(await digest(old), [200, old]);
    assert.equal((await digest("2"))[0], 404);
  });

  test("asks for no password, and takes one", () => {
    const login = ["login", "--username", "AWS", "--password-stdin", registry.host];
    const said = execFileSync("docker", ["--config", join(folder, "config"), ...login], {
      input: "anything",
      encoding: "utf8",
      stdio: ["pipe", "pipe", "ignore"],
    });
    assert.match(said, /Login Succeeded/);
  });

  test("a program that is no registry is an error at once, and a closed one does not answer", async () => {
    await assert.rejects(startRegistry("false", join(folder, "none")), /false ends, or does not answer within 15 s/);
    const other = await startRegistry("docker-registry", join(folder, "other"));
    other.close();
    const answers = () =>
      fetch(`http://${other.host}/v2/`).then(
        () => true,
        () => false,
      );
    for (const deadline = Date.now() + 5_000; (await answers()) && Date.now() < deadline;) await sleep(50);
    assert.equal(await answers(), false);
  });
});
