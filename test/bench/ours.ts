import { siteText, siteTimeouts } from "../../components/nginx/index.ts";
import { gunicornCommand } from "../../components/gunicorn/command.ts";
import { readStackFile } from "../../commands/lib/stack-file.ts";
import { concurrencyOf, gunicornOf } from "../../infra/gunicorn.ts";
import { projectOf } from "../../infra/project.ts";
import { parseSettings } from "../../infra/settings.ts";
import { siteOf } from "../../infra/site.ts";

/** The stack `local` with the benchmark's own project; one path opts in to the cache, as a site's owner would. */
const SET = ["projectDir=test/bench/project", "wsgiModule=bench_site.wsgi", "paths./page={ cache: 1s }"];

/** What the product makes of its settings: nginx.conf and the command lines of its Gunicorns. */
export interface Product {
  readonly text: string;
  readonly port: number;
  readonly gunicorns: readonly (readonly string[])[];
  /**
   * One Gunicorn on a port, as it comes, with the workers and threads of all of them together: alone, and behind the other
   * nginxes.
   */
  readonly plainGunicorn: readonly string[];
}

/** @param tls Whether nginx ends TLS on its port. */
export function product(tls: boolean): Product {
  const settings = parseSettings(readStackFile("local", [...SET, ...(tls ? ["tls=self-signed"] : [])]).raw);
  if (settings.host !== "docker") throw new Error("the stack local is not one of this machine");
  const site = siteOf(settings, projectOf(settings));
  const timeouts = siteTimeouts(site);
  const { command } = gunicornOf(settings, timeouts);
  const { workers, perWorker } = concurrencyOf(settings);
  const plain = gunicornCommand({
    module: settings.wsgiModule,
    bind: { port: 8000 },
    workerClass: settings.workerClass,
    workers: workers * settings.replicas,
    perWorker,
    maxRequests: settings.maxRequests,
    timeouts: timeouts.gunicorn,
  });
  return {
    text: siteText(site),
    port: site.listen,
    gunicorns: Array.from({ length: settings.replicas }, (_, index) => command(index + 1)),
    plainGunicorn: plain.map((word) => (word.startsWith("wsgi_on_aws.") ? settings.workerClass : word)),
  };
}
