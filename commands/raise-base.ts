import { raiseBaseRevision } from "../components/image/base-revision.ts";
import { main, parse } from "./lib/command.ts";

const USAGE = "npm run raise-base";

/** Makes every next deployment rebuild its images with today's Debian packages: changes a tracked file, to be committed. */
await main(() => {
  parse(USAGE, {});
  console.log(
    `components/image/base-revision is now ${raiseBaseRevision()}. Commit it; the next deployment rebuilds both images.`,
  );
  return Promise.resolve(0);
});
