import { docker, dockerOrThrow } from "../../components/release/docker-cli.ts";
import { image } from "./image.ts";

/** As in the product's containers, where the application and nginx run without root. */
const APP_USER = "10001:10001";

const OPTIONS = [
  "--label=wsgi-on-aws-bench=1",
  // Loopback of its own, on which the name of the original nginx.conf is known.
  ...["--network=none", "--add-host=frontend:127.0.0.1"],
  // In memory, as /tmp of the product's containers: the page cache and what each side logs.
  ...[
    "--tmpfs=/tmp:mode=1777,size=256m",
    "--tmpfs=/var/log/nginx:mode=1777,size=1g",
    "--tmpfs=/run/gunicorn:mode=1777",
  ],
];

/** A program that a side needs. */
export interface Server {
  /** Its name, of which its log gets its own. */
  readonly name: string;
  readonly command: readonly string[];
  /** Whether it runs without root, as in the product. */
  readonly unprivileged: boolean;
}

/** Where the process id of a server lies. */
export const pidFile = (name: string): string => `/tmp/${name}/bench.pid`;

/** A container with everything that is measured in it. */
export interface Container {
  /** Runs a command to its end and answers with what it printed. @throws It ended with another code than 0. */
  run(command: readonly string[], seconds: number, input?: string): Promise<string>;
  start(server: Server): Promise<void>;
  /** The last lines of a server's log. */
  log(name: string): Promise<string>;
  remove(): Promise<void>;
}

/** @param seconds After which it ends by itself, when its command has lost it. */
export async function startContainer(seconds: number): Promise<Container> {
  const args = ["run", "--detach", "--rm", "--init", ...OPTIONS, await image(), "sleep", String(seconds)];
  const id = (await dockerOrThrow("docker run", args, { seconds: 120 })).trim();
  const run: Container["run"] = (command, seconds, input) =>
    dockerOrThrow(command.join(" "), ["exec", "--interactive", id, ...command], {
      seconds,
      ...(input !== undefined && { input }),
    });
  return {
    run,
    start: async ({ name, command, unprivileged }) => {
      const user = unprivileged ? ["--user", APP_USER] : [];
      // nginx opens /dev/stdout again to append to it. A home of its own, where Gunicorn puts its control socket.
      const script = `mkdir -p /tmp/${name}; echo $$ >${pidFile(name)}; HOME=/tmp/${name} exec "$@" >>/var/log/nginx/${name}.log 2>&1`;
      const exec = ["exec", "--detach", ...user, "--workdir", "/bench/project", id, "sh", "-c", script, "sh"];
      await dockerOrThrow(name, [...exec, ...command], { seconds: 60 });
    },
    log: (name) => run(["tail", "-n", "20", `/var/log/nginx/${name}.log`], 60),
    remove: async () => {
      await docker(["rm", "--force", "--volumes", id], { seconds: 60 });
    },
  };
}
