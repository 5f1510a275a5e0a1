/** Where nginx says whether it runs, and asks the application whether it does, whatever the settings. */
export const HEALTH = { nginx: "/healthz", app: "/healthz/app" } as const;

/**
 * Pattern of what nginx answers itself, for after the first slash of an address: rules of the application's pages leave it alone.
 * @param folders Those that nginx serves from disk, as `/static/`.
 */
export const ownAddresses = (folders: readonly string[]): string =>
  `(${[...Object.values(HEALTH).map((address) => `${address}$`), ...folders].map((own) => own.slice(1)).join("|")})`;
