import { ADDRESSES } from "./addresses.ts";
import { BALANCING } from "./balancing.ts";
import { CACHING } from "./caching.ts";
import type { Feature, Served } from "./feature.ts";
import { FILES } from "./files.ts";
import { LIMITS } from "./limits.ts";
import { OPERATIONS } from "./operations.ts";
import { PROXYING } from "./proxying.ts";

/** Features that show through one Gunicorn whatever its worker class is. */
export const SERVED: readonly Served[] = [
  ...PROXYING,
  ...BALANCING,
  ...FILES,
  ...CACHING,
  ...LIMITS,
  ...ADDRESSES,
  ...OPERATIONS,
];

/** Every ability of the system, with the settings that decide it and the test that proves it. */
export const FEATURES: readonly Feature[] = SERVED.map(({ feature, settings, directives }) => ({
  feature,
  settings,
  directives,
  test: "test/features/features.test.ts",
}));
