import type { Lab } from "./lab.ts";

/** Process ids of nginx's workers that take connections. */
export async function workersOf(lab: Lab): Promise<string[]> {
  const script = "for p in /proc/[0-9]*; do echo ${p#/proc/} $(tr '\\0' ' ' <$p/cmdline 2>/dev/null); done";
  const found = await lab.exec("nginx", "bash", "-c", script);
  return [...found.matchAll(/^(\d+) nginx: worker process *$/gm)].map(([, pid = ""]) => pid);
}

/** While one of nginx's workers is the only one that takes connections: the others stand still. */
export async function whileOthersRest<T>(lab: Lab, worker: string, act: () => Promise<T>): Promise<T> {
  const others = (await workersOf(lab)).filter((pid) => pid !== worker).join(" ");
  const signal = (name: string) => lab.exec("nginx", "bash", "-c", `kill -${name} ${others}`);
  await signal("STOP");
  try {
    return await act();
  } finally {
    await signal("CONT");
  }
}
