// A language host for Node: as much of Pulumi's own as `pulumi preview`, `up`, `refresh` and `destroy` ask for. The engine starts
// it, reads the port that it prints, and has it run the program. Protocol: proto/pulumi/language.proto of pulumi/pulumi.
import { createRequire } from "node:module";
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { join } from "node:path";
import { Server, ServerCredentials, status } from "@grpc/grpc-js";
import type { sendUnaryData, ServerUnaryCall, UntypedHandleCall } from "@grpc/grpc-js";
import language from "@pulumi/pulumi/proto/language_pb.js";
import type { RunRequest, RunResponse } from "@pulumi/pulumi/proto/language_pb.js";
import services from "@pulumi/pulumi/proto/language_grpc_pb.js";
import plugin from "@pulumi/pulumi/proto/plugin_pb.js";
import { endWithParent } from "../end-with-parent.ts";
import { splitWords } from "./split-words.ts";

const engineAddress = process.argv.slice(2).findLast((argument) => /:\d+$/.test(argument)) ?? "";
let program: ChildProcess | undefined;
const BAIL = 32; // the SDK's exit code for "the error is reported already"

function answer<Message>(make: () => Message) {
  return (_call: unknown, done: sendUnaryData<Message>): void => {
    done(null, make());
  };
}

function run({ request }: ServerUnaryCall<RunRequest, RunResponse>, done: sendUnaryData<RunResponse>): void {
  const response = new language.RunResponse();
  const fail = (message: string): void => {
    done(null, response.setError(message));
  };
  const info = request.getInfo();
  if (info === undefined) {
    fail("the engine did not say where the program is; use a newer one");
    return;
  }
  const folder = info.getProgramDirectory();
  let entry: string;
  try {
    entry = createRequire(join(folder, "package.json")).resolve("@pulumi/pulumi/cmd/run");
  } catch {
    fail(`@pulumi/pulumi is not installed for the program in ${folder}: run \`npm ci\` there`);
    return;
  }
  const options = info.getOptions()?.toJavaScript() ?? {};
  const { nodeargs } = options;
  const child = spawn(
    process.execPath,
    [
      ...splitWords(typeof nodeargs === "string" ? nodeargs : ""),
      entry,
      ...["--monitor", request.getMonitorAddress(), "--engine", engineAddress],
      ...[
        "--organization",
        request.getOrganization(),
        "--project",
        request.getProject(),
        "--stack",
        request.getStack(),
      ],
      ...["--root-directory", info.getRootDirectory(), "--pwd", folder, "--parallel", String(request.getParallel())],
      ...(request.getDryrun() ? ["--dry-run"] : []),
      info.getEntryPoint(),
    ],
    {
      stdio: ["ignore", "inherit", "inherit"],
      env: {
        ...process.env,
        PULUMI_CONFIG: JSON.stringify(Object.fromEntries(request.getConfigMap().getEntryList())),
        PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
        PULUMI_NODEJS_TYPESCRIPT: String(options["typescript"] !== false),
      },
    },
  );
  program = child;
  child.on("error", (error) => {
    fail(`the program could not be started: ${error.message}`);
  });
  child.on("close", (code, signal) => {
    if (code === BAIL) response.setBail(true);
    else if (code !== 0) response.setError(`the program ended with ${signal ?? `code ${code ?? "unknown"}`}`);
    done(null, response);
  });
}

const implemented: Record<string, UntypedHandleCall> = {
  handshake: answer(() => new language.LanguageHandshakeResponse()),
  getPluginInfo: answer(() => new plugin.PluginInfo().setVersion("1.0.0")),
  // The engine asks for a provider when the first resource of it comes.
  getRequiredPlugins: answer(() => new language.GetRequiredPluginsResponse()),
  getRequiredPackages: answer(() => new language.GetRequiredPackagesResponse()),
  run,
};
const unimplemented = (name: string): UntypedHandleCall =>
  ((_call: unknown, done: sendUnaryData<never>) => {
    done({
      code: status.UNIMPLEMENTED,
      details: `${name}: this stand-in for Pulumi's language host only runs programs`,
    });
  }) as UntypedHandleCall; // one shape serves streaming methods, too: the client sees the status

endWithParent(() => program?.kill());
const server = new Server();
server.addService(
  services.LanguageRuntimeService,
  Object.fromEntries(
    Object.keys(services.LanguageRuntimeService).map((name) => [name, implemented[name] ?? unimplemented(name)]),
  ),
);
server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
  if (error !== null) throw error;
  console.log(port);
});
