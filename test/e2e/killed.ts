import { setTimeout as sleep } from "node:timers/promises";
import type { Running } from "./checkout.ts";

const PATIENCE_MS = 240_000;

/** Waits until a command has printed this. */
export async function printed(running: Running, pattern: RegExp): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  const ended = running.finished.then(() => true);
  while (!pattern.test(running.printed())) {
    const over = await Promise.race([ended, sleep(20, false)]);
    if (over && !pattern.test(running.printed())) {
      throw new Error(`ended without ${String(pattern)}:\n${running.printed()}`);
    }
    if (Date.now() > deadline) throw new Error(`does not print ${String(pattern)}:\n${running.printed()}`);
  }
}

/** Kills a command with everything it has started, as a power cut does; nothing of it can clean up. */
export async function killed(running: Running): Promise<void> {
  process.kill(-running.pid, "SIGKILL");
  await running.finished;
  await sleep(1500); // providers and programs end within a second after their engine
}
