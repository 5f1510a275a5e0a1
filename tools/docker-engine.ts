import { spawn } from "node:child_process";
import { existsSync, mkdirSync, openSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { allOnPath, isAtLeast } from "./files.ts";
import type { Found, Site, Supplier } from "./part.ts";
import { run, tryRun } from "./run.ts";

const DEFAULT_SOCKET = "unix:///var/run/docker.sock";
const LAST_WITH_BUILDKIT_INSIDE = "22.99"; // later docker commands build through a plugin, buildx, that not every package has
const SECONDS_TO_ANSWER = 60;

/** A Docker engine that answers, and a docker command that can build with it. */
export const dockerEngine: Supplier = {
  part: "docker engine",
  needs: [],
  find,
  standIn: async (site) => {
    const given = site.env["DOCKER_HOST"];
    if (given !== undefined) throw new Error(`does not answer at DOCKER_HOST=${given}.`);
    if ((await commandThatBuilds(site)) === undefined || allOnPath(site, "dockerd").length === 0) {
      // Newer releases have the command and its builder in packages of their own.
      await site.install(
        ["docker.io", "docker-cli", "docker-buildx"],
        "no Docker engine answers here, or no docker command can build with BuildKit",
      );
    }
    if ((await find(site)) === undefined) await startEngine(site);
    const found = await find(site);
    if (found === undefined) throw new Error("is installed, but no docker command here can build with BuildKit.");
    return found;
  },
  remedy: "Install and start Docker: https://docs.docker.com/engine/install/ (with its buildx plugin).",
};

async function find(site: Site): Promise<Found | undefined> {
  const docker = await commandThatBuilds(site);
  if (docker === undefined) return undefined;
  const version = await tryRun(docker, ["version", "--format", "{{.Server.Version}}"], { within: 10, env: site.env });
  if (version === undefined) return undefined;
  const endpoint = await endpointOf(site, docker);
  return {
    from: `${endpoint}, with ${docker}`,
    version,
    commands: { docker },
    ...(isOurs(site) && { leftover: `the Docker engine (\`kill $(cat ${pidFile(site)})\`)` }),
    // The provider knows neither Docker's contexts nor those of Docker Desktop, only this variable.
    ...(endpoint !== DEFAULT_SOCKET && { env: { DOCKER_HOST: endpoint } }),
  };
}

async function endpointOf(site: Site, docker: string): Promise<string> {
  const asked = ["context", "inspect", "--format", "{{.Endpoints.docker.Host}}"];
  return site.env["DOCKER_HOST"] ?? (await tryRun(docker, asked, { within: 10, env: site.env })) ?? DEFAULT_SOCKET;
}

async function commandThatBuilds(site: Site): Promise<string | undefined> {
  for (const docker of allOnPath(site, "docker")) {
    const version = /version (\d[\d.]*)/.exec((await tryRun(docker, ["--version"], { within: 10 })) ?? "")?.[1];
    if (version === undefined) continue;
    if (!isAtLeast(version, LAST_WITH_BUILDKIT_INSIDE)) return docker;
    if ((await tryRun(docker, ["buildx", "version"], { within: 10 })) !== undefined) return docker;
  }
  return undefined;
}

function pidFile(site: Site): string {
  return join(site.tools, "docker-engine/dockerd.pid");
}

/** Whether an engine that a run of this checkout started is still going. */
function isOurs(site: Site): boolean {
  if (!existsSync(pidFile(site))) return false;
  const name = `/proc/${readFileSync(pidFile(site), "utf8").trim()}/comm`;
  return existsSync(name) && readFileSync(name, "utf8") === "dockerd\n";
}

/** Through systemd where it runs; else on its own, going on after this run. */
async function startEngine(site: Site): Promise<void> {
  if (process.getuid?.() !== 0) throw new Error("does not answer, and only root can start it.");
  if (existsSync("/run/systemd/system")) {
    site.say("docker engine: starting it with systemctl");
    await run("systemctl", ["start", "docker"], { within: 60, env: site.env });
    return;
  }
  const log = join(dirname(pidFile(site)), "dockerd.log");
  mkdirSync(dirname(log), { recursive: true });
  site.say(`docker engine: starting dockerd, which stays; its log is ${log}`);
  if (!isOurs(site)) rmSync(pidFile(site), { force: true }); // of an earlier boot: dockerd takes any process for itself
  const output = openSync(log, "a");
  const dockerd = spawn("dockerd", ["--pidfile", pidFile(site)], {
    detached: true,
    stdio: ["ignore", output, output],
    env: site.env,
  });
  const ended = new AbortController();
  for (const event of ["exit", "error"]) {
    dockerd.on(event, () => {
      ended.abort();
    });
  }
  dockerd.unref();
  for (let waited = 0; waited < SECONDS_TO_ANSWER; waited += 1) {
    await sleep(1_000);
    if ((await find(site)) !== undefined) return;
    if (ended.signal.aborted) break; // another run may have been faster: the check above has told
  }
  const last = await tryRun("tail", ["-n", "15", log], { within: 10 });
  throw new Error(`was started, but does not answer. ${log} ends:\n${last ?? ""}`);
}
