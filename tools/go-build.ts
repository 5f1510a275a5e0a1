import { allOnPath, isAtLeast } from "./files.ts";
import type { Site } from "./part.ts";
import { run } from "./run.ts";

const GO_FLOOR = "1.21"; // the first that fetches a newer toolchain by itself when a go.mod asks for one

/** A program that is built from Go modules. */
export interface GoProgram {
  /** The folder of its go.mod, which with go.sum pins everything. */
  readonly module: string;
  readonly package: string;
  readonly flags: readonly string[];
  /** For the progress lines. */
  readonly what: string;
}

/** Builds a Go program through the machine's own module proxy; changes no file of the checkout. */
export async function goBuild(site: Site, program: GoProgram, output: string): Promise<void> {
  const go = allOnPath(site, "go")[0] ?? (await installGo(site));
  const env: NodeJS.ProcessEnv = { ...site.env, GOFLAGS: "", GOTOOLCHAIN: "auto", CGO_ENABLED: "0" };
  const cwd = program.module;
  const ask = (name: string): Promise<string> => run(go, ["env", name], { within: 60, env, cwd });
  const version = /go(\d+\.\d+)/.exec(await ask("GOVERSION"))?.[1] ?? "0";
  if (!isAtLeast(version, GO_FLOOR)) throw new Error(`needs Go ${GO_FLOOR} or newer to be built; ${go} is ${version}.`);

  // "direct" goes to the version control hosts themselves, which a closed network answers with a long wait.
  env["GOPROXY"] = (await ask("GOPROXY"))
    .split(",")
    .filter((proxy) => proxy !== "direct")
    .join(",");
  site.say(`${program.what}: building it from Go modules, a few minutes the first time`);
  const args = ["build", "-mod=readonly", "-buildvcs=false", ...program.flags, "-o", output, program.package];
  await run(go, args, { within: 1800, env, cwd, progress: { what: program.what, say: site.say } });
}

async function installGo(site: Site): Promise<string> {
  await site.install(["golang-go"], "the engine and the docker provider are built from Go modules");
  return allOnPath(site, "go")[0] ?? "/usr/bin/go";
}
