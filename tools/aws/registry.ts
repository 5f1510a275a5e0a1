import { spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "../free-port.ts";

const SECONDS_TO_ANSWER = 15;
const ATTEMPTS = 3;

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
  mkdirSync(folder, { recursive: true });
  // A port that is free may be somebody else's a moment later: the program ends then, and gets another one.
  for (let attempt = 1; ; attempt++) {
    const registry = await startedOn(`127.0.0.1:${await freePort()}`, program, folder);
    if (registry !== undefined) return registry;
    if (attempt === ATTEMPTS) throw new Error(`${program} ends, or does not answer within ${SECONDS_TO_ANSWER} s`);
  }
}

async function startedOn(host: string, program: string, folder: string): Promise<Registry | undefined> {
  const config = join(folder, "registry.json"); // YAML takes JSON
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
  const close = () => void child.kill();
  const deadline = Date.now() + SECONDS_TO_ANSWER * 1000;
  while (Date.now() < deadline && child.exitCode === null) {
    if (await answers(host)) return { host, close };
    await sleep(100);
  }
  close();
  return undefined;
}

const answers = (host: string): Promise<boolean> =>
  fetch(`http://${host}/v2/`).then(
    ({ ok }) => ok,
    () => false,
  );
