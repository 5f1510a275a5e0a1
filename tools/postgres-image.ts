import { join } from "node:path";
import { digestOf } from "./files.ts";
import { buildImage, imageHere, pulled, STAND_IN_LABEL } from "./image.ts";
import type { Site, Supplier } from "./part.ts";

const NAME = "postgres:17";

/** The local database: pulled, or Debian's postgresql-17 behind the contract of the official image. */
export const postgresImage: Supplier = {
  part: `image ${NAME}`,
  needs: ["docker engine", "image debian:13-slim"],
  find: (site) => imageHere(site, NAME, digestOf(source(site))),
  ordinary: (site) => pulled(site, NAME),
  standIn: async (site) => {
    site.say(`${NAME}: no registry answers, so it is made from Debian's package postgresql-17`);
    const label = `${STAND_IN_LABEL}=${digestOf(source(site))}`;
    await buildImage(site, `image ${NAME}`, ["--label", label, "--tag", NAME, source(site)], 900);
    return (await imageHere(site, NAME, digestOf(source(site)))) ?? Promise.reject(new Error("was not built."));
  },
  remedy: `Run \`docker pull ${NAME}\`.`,
};

function source(site: Site): string {
  return join(site.root, "tools/images/postgres");
}
