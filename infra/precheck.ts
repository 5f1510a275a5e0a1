import { siteNodes } from "../components/nginx/index.ts";
import { ladderOf } from "./ladder.ts";
import { projectOf } from "./project.ts";
import { readSecrets } from "./secrets.ts";
import type { Settings } from "./settings.ts";
import { siteOf } from "./site.ts";

/**
 * What can be found wrong without engine and Docker: a command tells it before it begins, the program again for those who
 * run `pulumi up` themselves.
 * @throws UserError naming the key or the file
 */
export function precheck(settings: Settings): void {
  const site = siteOf(settings, projectOf(settings));
  siteNodes(site);
  ladderOf(settings, site);
  if (settings.host === "docker") readSecrets(settings);
}
