import { createHash } from "node:crypto";
import { cpSync, globSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inRoot } from "../../commands/lib/command.ts";
import { docker, dockerOrThrow } from "../../components/release/docker-cli.ts";

const OWN = ["Dockerfile", "clients", "project"];
const RUNTIME = "components/image/runtime";

/** The image of the benchmark, built when anything in it is new. */
export async function image(): Promise<string> {
  const context = mkdtempSync(join(tmpdir(), "wsgi-on-aws-bench-"));
  try {
    for (const name of OWN) cpSync(join(import.meta.dirname, name), join(context, name), { recursive: true });
    cpSync(inRoot(RUNTIME), join(context, "runtime"), {
      recursive: true,
      filter: (path) => !path.endsWith("__pycache__"),
    });
    const tag = `wsgi-on-aws-bench:${digest(context)}`;
    const present = await docker(["image", "inspect", tag], { seconds: 60 });
    if (present.code !== 0) {
      const version = `GUNICORN_VERSION=${gunicornVersion()}`;
      await dockerOrThrow("docker build", ["build", "--build-arg", version, "--tag", tag, context], { seconds: 900 });
    }
    return tag;
  } finally {
    rmSync(context, { recursive: true });
  }
}

/** The Gunicorn that the product's image gets. */
function gunicornVersion(): string {
  const [, version] =
    /^ARG GUNICORN_VERSION=(\S+)$/m.exec(readFileSync(inRoot("components/image/Dockerfile"), "utf8")) ?? [];
  if (version === undefined) throw new Error("components/image/Dockerfile names no version of Gunicorn");
  return version;
}

function digest(folder: string): string {
  const hash = createHash("sha256").update(gunicornVersion());
  for (const name of globSync("**/*", { cwd: folder, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort())
    hash.update(name.slice(folder.length)).update(readFileSync(name));
  return hash.digest("hex").slice(0, 12);
}
