import { spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "../free-port.ts";

const SECONDS_TO_ANSWER = 15;

export interface Registry {
  /** As `127.0.0.1:40123`; a Docker engine speaks plain HTTP with loopback addresses. */
  readonly host: string;
  readonly close: () => void;
}

/**
 * A real registry on loopback that stands for ECR: Debian's docker-registry. Tags can be moved in it, as in repositories with
 * mutable tags (docs/decisions/0006-image-tags.md); it asks for no password.
 * @param program path of docker-registry
 * @param folder where the images are kept
 */
export async function startRegistry(program: string, folder: string): Promise<Registry> {
  const host = `127.0.0.1:${await freePort()}`;
  const config = join(folder, "registry.json"); // YAML takes JSON
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    config,
    JSON.stringify({
      version: 0.1,
      log: { level: "error" },
      storage: { filesystem: { rootdirectory: join(folder, "images") }, delete: { enabled: true } },
      http: { addr: host },
    }),
  );
  const child = spawn(program, ["serve", config], { stdio: "ignore" });
  const deadline = Date.now() + SECONDS_TO_ANSWER * 1000;
  while (!(await answers(host))) {
    if (Date.now() > deadline || child.exitCode !== null) throw new Error(`${program} does not answer on ${host}`);
    await sleep(100);
  }
  return { host, close: () => void child.kill() };
}

const answers = (host: string): Promise<boolean> =>
  fetch(`http://${host}/v2/`).then(
    ({ ok }) => ok,
    () => false,
  );
