import { startContainer } from "./container.ts";

/** Where and with what was measured. */
export interface Machine {
  readonly cpus: number;
  readonly cpu: string;
  readonly memory: string;
  readonly kernel: string;
  readonly nginx: string;
  readonly gunicorn: string;
  readonly django: string;
  readonly python: string;
  readonly openssl: string;
  readonly wrk: string;
}

/** Each prints one line. */
const FACTS = {
  cpus: "nproc",
  cpu: "sed -n 's/^model name.*: //p' /proc/cpuinfo | head -1",
  memory: "awk '/^MemTotal/ { printf \"%d MiB\\n\", $2 / 1024 }' /proc/meminfo",
  kernel: "uname -r",
  nginx: "nginx -v 2>&1 | sed 's/.*nginx.//'",
  gunicorn: "gunicorn --version | sed 's/.*version //; s/)//'",
  django: "python -m django --version",
  python: "python --version | sed 's/Python //'",
  openssl: "openssl version | cut -d ' ' -f 2",
  wrk: "wrk -v 2>&1 | sed -n 's/^wrk \\([^ ]*\\).*/\\1/p'",
} satisfies Record<keyof Machine, string>;

/** Asked inside the container: Docker may run in a machine of its own. */
export async function machine(): Promise<Machine> {
  const container = await startContainer(600);
  try {
    const facts = Object.values(FACTS).map((fact) => `{ ${fact}; } || echo`);
    const lines = (await container.run(["sh", "-c", facts.join("\n")], 60)).split("\n");
    const answers = Object.fromEntries(Object.keys(FACTS).map((name, index) => [name, lines[index] ?? ""])) as Record<
      keyof Machine,
      string
    >;
    return { ...answers, cpus: Number(answers.cpus) };
  } finally {
    await container.remove();
  }
}
