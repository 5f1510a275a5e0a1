import * as pulumi from "@pulumi/pulumi";
import { readSecretReferences } from "../components/secrets/references.ts";
import { UserError } from "../components/shared/user-error.ts";
import { deploy } from "./deploy.ts";
import { inRepository } from "./paths.ts";
import { readSettings } from "./settings.ts";

await pulumi.runtime.requirePulumiVersion(">=3.259.0"); // resource hooks and Stash as the gates need them

const outputs = deployed();

function deployed() {
  try {
    const settings = readSettings();
    return deploy(settings, readSecretReferences(settings.secrets, inRepository));
  } catch (error) {
    // The engine prints a RunError without a stack: its reader has a setting to mend, not a program.
    throw error instanceof UserError ? new pulumi.RunError(error.message) : error;
  }
}

export const url = outputs.url;
export const nginxConf = outputs.nginxConf;
