import { existsSync } from "node:fs";
import { join } from "node:path";
import { allOnPath, describeKept, isAtLeast, keep } from "./files.ts";
import { goBuild } from "./go-build.ts";
import { VERSIONS } from "./part.ts";
import type { Found, Site, Supplier } from "./part.ts";
import { run, tryRun } from "./run.ts";

const INSTALLER = "https://get.pulumi.com";

/** The pulumi command: from PATH, Pulumi's installer, or its Go module. */
export const engine: Supplier = {
  part: "engine",
  needs: [],
  find: async (site) => (await onPath(site)) ?? kept(site),
  ordinary: installed,
  standIn: async (site) => {
    const program = {
      module: join(site.root, "tools/pulumi"),
      package: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
      // Without the version the engine calls itself 0.0.0 and refuses `requirePulumiVersion`.
      flags: ["-ldflags", `-s -w -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${VERSIONS.engine}`],
      what: `engine ${VERSIONS.engine}`,
    };
    site.say(`${program.what}: not on PATH, and ${INSTALLER} does not give it`);
    await keep(folderOf(site), "built from the Go module", (folder) =>
      goBuild(site, program, join(folder, "bin/pulumi")),
    );
    return kept(site) ?? Promise.reject(new Error("the build left no pulumi command."));
  },
  remedy: `Install Pulumi ${VERSIONS.engine} or newer: https://www.pulumi.com/docs/iac/download-install/`,
};

function folderOf(site: Site): string {
  return join(site.tools, "pulumi", VERSIONS.engine);
}

function kept(site: Site): Found | undefined {
  const pulumi = join(folderOf(site), "bin/pulumi");
  if (!existsSync(pulumi)) return undefined;
  return { from: describeKept(site, folderOf(site)), version: VERSIONS.engine, commands: { pulumi } };
}

async function onPath(site: Site): Promise<Found | undefined> {
  const pulumi = allOnPath(site, "pulumi")[0];
  if (pulumi === undefined) return undefined;
  const version = (await tryRun(pulumi, ["version"], { within: 30, env: site.env }))?.replace(/^v/, "") ?? "0";
  return isAtLeast(version, VERSIONS.engine) ? { from: "PATH", version, commands: { pulumi } } : undefined;
}

async function installed(site: Site): Promise<Found | undefined> {
  try {
    const response = await fetch(INSTALLER, { signal: AbortSignal.timeout(5_000) });
    if (!response.ok) return undefined;
    const script = await response.text();
    site.say(`engine ${VERSIONS.engine}: not on PATH, so Pulumi's installer puts it into .local/tools`);
    await keep(folderOf(site), "Pulumi's installer", async (folder) => {
      const options = ["--version", VERSIONS.engine, "--install-root", folder, "--no-edit-path"];
      await run("sh", ["-c", script, "sh", ...options], {
        within: 300,
        env: site.env,
        progress: { what: "Pulumi's installer", say: site.say },
      });
    });
    return kept(site);
  } catch {
    return undefined; // a closed network; or half open, which is the same for us
  }
}
