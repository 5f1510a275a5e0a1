import { readSecretReferences } from "../components/secrets/references.ts";
import { UserError } from "../components/shared/user-error.ts";
import { inRepository } from "./paths.ts";
import type { DockerSettings } from "./settings.ts";

/** What the references of a stack on this machine lead to. */
export interface Secrets {
  /** Variables of the application. */
  readonly secrets: Readonly<Record<string, string>>;
  /** Lines of users and hashed passwords, for nginx. */
  readonly htpasswd?: string;
}

/** Hashes that the crypt of Debian's nginx knows and nobody breaks in an afternoon. */
const USER_LINE = /^[^:\s]+:\$(apr1|2[aby]|5|6|y)\$\S+$/;

/**
 * Reads the references of a stack's settings.
 * @throws UserError naming each that leads nowhere, and lines that `htpasswd` would not write, without showing them
 */
export function readSecrets({ secrets, htpasswd }: DockerSettings): Secrets {
  const keys = Object.fromEntries(Object.entries(secrets).map(([name, value]) => [`secrets.${name}`, value]));
  const found = readSecretReferences({ ...keys, ...(htpasswd !== undefined && { htpasswd }) }, inRepository);
  const lines = found["htpasswd"]?.split("\n").filter(Boolean);
  const bad = lines?.findIndex((line) => !USER_LINE.test(line)) ?? -1;
  if (bad >= 0 || lines?.length === 0) {
    const what = bad < 0 ? "holds no user." : `line ${bad + 1} is not a user and a hashed password.`;
    throw new UserError([
      { where: "htpasswd", what, remedy: "Write what `htpasswd -nB <user>` prints, a line for each." },
    ]);
  }
  return {
    secrets: Object.fromEntries(Object.keys(secrets).map((name) => [name, found[`secrets.${name}`] ?? ""])),
    ...(lines && { htpasswd: lines.join("\n") }),
  };
}

/** For a plan, which needs no secret: whoever reads it may not have any. */
export const maskedSecrets = ({ secrets, htpasswd }: DockerSettings): Secrets => ({
  secrets: Object.fromEntries(Object.keys(secrets).map((name) => [name, "masked"])),
  ...(htpasswd !== undefined && { htpasswd: "masked" }),
});
