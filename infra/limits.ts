import { mebibytes } from "../components/shared/units.ts";
import type { Settings } from "./settings.ts";

/** Uploads that one container takes at the same time, at their largest; further ones get an error of the file system. */
const LARGEST_UPLOADS = 4;

/** Size of a container's /tmp in MiB: uploads pass through it. */
export function tmpMebibytes({ uploadLimit, paths }: Settings): number {
  const largest = Math.max(
    ...[uploadLimit, ...Object.values(paths).map(({ upload }) => upload ?? uploadLimit)].map(mebibytes),
  );
  return roomy(LARGEST_UPLOADS * largest);
}

/**
 * The next power of two, from 256 up. A limit of nginx's container that no client ever reaches is no reason to be exact: a
 * container cannot take another one, so each step would replace nginx, which interrupts; reloading it does not.
 */
export const roomy = (least: number): number => Math.max(256, 2 ** Math.ceil(Math.log2(least)));
