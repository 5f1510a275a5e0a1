import * as pulumi from "@pulumi/pulumi";
import { UserError } from "../components/shared/user-error.ts";
import { deploy } from "./deploy.ts";
import { fromPulumiConfig, parseSettings, readConfig } from "./settings.ts";

await pulumi.runtime.requirePulumiVersion(">=3.259.0"); // resource hooks and Stash as the gates need them

async function deployed() {
  try {
    const config = readConfig();
    return await deploy(parseSettings(fromPulumiConfig(config)), config);
  } catch (error) {
    // The engine prints a RunError without a stack: its reader has a setting to mend, not a program.
    throw error instanceof UserError ? new pulumi.RunError(error.message) : error;
  }
}

// The stack's outputs. A default export, for each host has its own.
export default await deployed();
