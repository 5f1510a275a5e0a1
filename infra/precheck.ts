import { siteNodes } from "../components/nginx/index.ts";
import { readSecretReferences } from "../components/secrets/references.ts";
import { inRepository } from "./paths.ts";
import { projectOf } from "./project.ts";
import type { Settings } from "./settings.ts";
import { siteOf } from "./site.ts";

/**
 * What can be found wrong without engine and Docker: a command tells it before it begins, the program again for those who
 * run `pulumi up` themselves.
 * @throws UserError naming the key or the file
 */
export function precheck(settings: Settings): void {
  siteNodes(siteOf(settings, projectOf(settings)));
  readSecretReferences(settings.secrets, inRepository);
}
