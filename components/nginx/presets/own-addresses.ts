/**
 * Pattern of what nginx answers itself, for after the first slash of an address: rules of the application's pages leave it alone.
 * @param folders Those that nginx serves from disk, as `/static/`.
 */
export const ownAddresses = (folders: readonly string[]): string =>
  `(healthz$|healthz/app$${folders.map((folder) => `|${folder.slice(1)}`).join("")})`;
