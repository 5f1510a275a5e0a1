// Every npm script starts here: installs what is missing, then runs `commands/<name>.ts` with the project's own Node.
// Plain JavaScript without dependencies, for any Node that npm can run on: the machine's may be too old for the rest.
const { spawnSync } = require("node:child_process");
const { createHash } = require("node:crypto");
const { existsSync, readFileSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");

const root = join(__dirname, "..");
const node = join(root, "node_modules", "node", "bin", "node");
const stamp = join(root, "node_modules", ".installed-lock");
const lock = createHash("sha256")
  .update(readFileSync(join(root, "package-lock.json")))
  .digest("hex");

if (!existsSync(node) || !existsSync(stamp) || readFileSync(stamp, "utf8") !== lock) {
  console.error("Installing the packages of package-lock.json (npm ci) …");
  const npm = process.env.npm_execpath ? [process.execPath, process.env.npm_execpath] : ["npm"];
  const { status, stderr } = spawnSync(npm[0], [...npm.slice(1), "ci", "--no-audit", "--no-fund"], {
    cwd: root,
    encoding: "utf8",
    stdio: ["ignore", "ignore", "pipe"],
  });
  if (status !== 0) {
    console.error(stderr);
    console.error(
      "node_modules: npm ci failed. Check the network and the npm registry setting, then run the command again.",
    );
    process.exit(1);
  }
  writeFileSync(stamp, lock);
}

const [command, ...rest] = process.argv.slice(2);
const child = spawnSync(node, [join(root, "commands", `${command}.ts`), ...rest], { cwd: root, stdio: "inherit" });
process.exit(child.status ?? 1);
