import { readFileSync } from "node:fs";
import { join } from "node:path";
import { launcher, writeExecutable } from "../files.ts";

const ROOT = join(import.meta.dirname, "../..");
const PACKAGE = join(ROOT, "node_modules/@pulumi/aws/package.json");

/** Version of @pulumi/aws: the engine looks for the provider of just that one. */
export const VERSION = (JSON.parse(readFileSync(PACKAGE, "utf8")) as { version: string }).version;

/**
 * Puts the in-memory AWS into a PULUMI_HOME, where the engine takes it for Amazon's. For homes of tests only: in a user's
 * own, `pulumi up` would deploy into a folder.
 */
export function writeAwsPlugin(pulumiHome: string): void {
  const path = join(pulumiHome, `plugins/resource-aws-v${VERSION}/pulumi-resource-aws`);
  writeExecutable(path, launcher(join(import.meta.dirname, "main.ts")));
}
