import { NGINX_PORT } from "../../components/edge/nginx-container.ts";
import { seconds } from "../../components/shared/units.ts";
import type { Problem } from "../../components/shared/user-error.ts";
import type { Settings } from "./schema.ts";

/** What settings of nginx contradict one another. What depends on the paths alone is judged with them (path-checks.ts). */
export function servingChecks(settings: Settings): Problem[] {
  return [
    ...(settings.host === "docker" ? sharing(settings) : sharingOnEcs(settings)),
    ...keptConnections(settings),
    ...clients(settings),
    ...names(settings),
    ...headers(settings),
    ...passwords(settings),
  ];
}

function sharing({ balancing, replicas, upstream }: Extract<Settings, { host: "docker" }>): Problem[] {
  const { method, weights, backup = [], maxFails, failTimeout } = balancing;
  const problems: Problem[] = [];
  const add = (key: string, what: string, remedy: string) => problems.push({ where: `balancing.${key}`, what, remedy });
  if (weights && weights.length !== replicas) {
    add("weights", `has ${weights.length} weights for ${replicas} replicas.`, "Write one for each.");
  }
  for (const number of backup) {
    if (number > replicas) add("backup", `there is no replica ${number}.`, `Write a number up to ${replicas}.`);
  }
  if (new Set(backup).size >= replicas) add("backup", "leaves no replica that serves.", "Leave one of them out.");
  if (backup.length && (method === "client" || method === "uri")) {
    add("backup", `nginx has no spare servers with method "${method}".`, "Leave one of them out.");
  }
  for (const [key, value] of Object.entries({ weights, backup: balancing.backup })) {
    if (value && upstream === "tcp") {
      add(key, "tells replicas apart, which have one name with upstream: tcp.", "Leave it out, or upstream.");
    }
  }
  if (failTimeout !== undefined && maxFails === 0) {
    add("failTimeout", "says nothing while maxFails is 0.", "Write maxFails, or leave it out.");
  }
  return problems;
}

function keptConnections({ balancing, workerClass }: Settings): Problem[] {
  if (!balancing.keepalive || workerClass === "gthread") return [];
  const what = `Gunicorn's ${workerClass} worker keeps no connection, or none that is safe while it ends.`;
  return [{ where: "balancing.keepalive", what, remedy: 'Write workerClass: "gthread", or leave it out.' }];
}

/** On ecs one Gunicorn is behind each nginx, and the load balancer shares the visitors. */
function sharingOnEcs({ balancing, paths, replicas }: Extract<Settings, { host: "ecs" }>): Problem[] {
  const { method, maxFails, weights, backup, failTimeout } = balancing;
  const problems: Problem[] = [];
  if (method === "client" || method === "uri") {
    const what = `the load balancer has no method "${method}"; its cookie keeps a visitor with one task.`;
    problems.push({ where: "balancing.method", what, remedy: 'Write "round-robin" or "least-connections".' });
  }
  for (const [key, value] of Object.entries({ weights, backup, failTimeout, maxFails: maxFails || undefined })) {
    if (value === undefined) continue;
    const what = "is not for ecs: the load balancer shares the requests, and its health checks say which task fails.";
    problems.push({ where: `balancing.${key}`, what, remedy: "Leave it out." });
  }
  for (const [path, { refresh }] of Object.entries(paths)) {
    if (refresh === undefined || replicas === 1) continue;
    const what = `a request reaches one of ${replicas} tasks, and the others keep the old page.`;
    problems.push({ where: `paths.${path}.refresh`, what, remedy: "Write a shorter cache time, or replicas: 1." });
  }
  return problems;
}

function clients({ clientTimeouts, nginx }: Settings): Problem[] {
  const problems = Object.entries(clientTimeouts)
    .filter(([, time]) => seconds(time) > 300)
    .map(([key, time]): Problem => ({
      where: `clientTimeouts.${key}`,
      what: `"${time}" is longer than 5m: slow visitors hold every connection.`,
      remedy: 'Write a time up to "5m".',
    }));
  if (nginx.statusPort === NGINX_PORT) {
    problems.push({ where: "nginx.statusPort", what: "is the port of the site.", remedy: "Write another one." });
  }
  return problems;
}

function names({ canonicalHost, ...settings }: Settings): Problem[] {
  const allowed = settings.allowedHosts.some(
    (host) => host === canonicalHost || (host.startsWith(".") && `.${canonicalHost ?? ""}`.endsWith(host)),
  );
  if (canonicalHost === undefined || allowed) return [];
  const what = `"${canonicalHost}" is not among allowedHosts, so the application refuses it.`;
  return [{ where: "canonicalHost", what, remedy: "Write it there too." }];
}

function headers({ securityHeaders }: Settings): Problem[] {
  const all = Object.keys(securityHeaders);
  const twice = all.filter((name, index) => all.findIndex((other) => sameHeader(other, name)) < index);
  return twice.map((name) => ({
    where: `securityHeaders.${name}`,
    what: "stands there twice.",
    remedy: "Leave one out.",
  }));
}

const sameHeader = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();

function passwords({ htpasswd, paths }: Settings): Problem[] {
  if (htpasswd !== undefined) return [];
  const asking = Object.entries(paths).filter(([, { auth }]) => auth);
  return asking.map(([path]) => ({
    where: `paths.${path}.auth`,
    what: "there are no users.",
    remedy: "Write htpasswd: a reference to lines that the command htpasswd makes.",
  }));
}
