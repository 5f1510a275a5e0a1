import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { describe, it } from "node:test";
import { inRoot, ROOT } from "../../../commands/lib/command.ts";

describe("a command for this machine, asked about a stack on AWS,", () => {
  const remedies = {
    start: "Run pulumi up --stack dev.",
    doctor: "Run pulumi up --stack dev.",
    status: "Run pulumi stack output --stack dev.",
    logs: 'Run the line "logs" that pulumi stack output commands --stack dev prints.',
    stop: "Run pulumi destroy --stack dev (docs/aws.md, Removing it).",
  };
  for (const [command, remedy] of Object.entries(remedies)) {
    it(`says where it runs: ${command}`, () => {
      const args = [inRoot(`commands/${command}.ts`), "--stack", "dev"];
      const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: ROOT, encoding: "utf8" });
      const what = 'the stack "dev" runs on AWS, and this command is for stacks on this machine.';
      assert.deepEqual([status, stdout, stderr], [1, "", `error: --stack: ${what} ${remedy}\n`]);
    });
  }
});
