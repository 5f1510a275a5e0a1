import { docker, dockerOrThrow } from "./docker-cli.ts";
import { waitUntilLive } from "./live.ts";
import { oneOffArguments, type OneOff } from "./one-off.ts";

/**
 * Starts the new version beside the ones that serve, where no client reaches it, and lets it go as soon as it answers. So
 * a version that does not start never takes the place of one that works.
 * @throws ActFailed with its log when it does not answer
 */
export async function prove(
  one: OneOff,
  healthCommand: readonly string[],
  say: (message: string) => void,
): Promise<void> {
  const remove = () => docker(["rm", "--force", "--volumes", one.name], { seconds: 30 });
  await remove(); // what a killed deployment left
  try {
    await dockerOrThrow("the new version could not be started", oneOffArguments(one, "--detach"), {
      env: one.env,
      seconds: 60,
    });
    await waitUntilLive({ what: "the new version", container: one.name, command: healthCommand, say });
  } finally {
    await remove();
  }
}
