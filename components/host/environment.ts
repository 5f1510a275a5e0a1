/** What the host knows of the application's surroundings; the same names reach it on every host (docs/architecture.md). */
export interface Surroundings<T> {
  /** Where the database is; SECRET_KEY, where the host has its value. */
  readonly variables: Readonly<Record<string, T>>;
  readonly allowedHosts: readonly string[];
  /** How visitors reach the site. */
  readonly origin: { readonly scheme: "http" | "https"; readonly port: number };
  /** Folder of uploaded files inside the container, absent when the application keeps none. */
  readonly mediaRoot?: string;
  /** The user's own variables, which may bring their own SECRET_KEY. */
  readonly env: Readonly<Record<string, T | string>>;
}

/** Environment of the application: settings first, then what the user wrote, which wins. */
export function appEnvironment<T>(around: Surroundings<T>): Record<string, T | string> {
  return {
    ...around.variables,
    ALLOWED_HOSTS: around.allowedHosts.join(","),
    CSRF_TRUSTED_ORIGINS: around.allowedHosts.map((host) => trustedOrigin(host, around.origin)).join(","),
    SITE_SCHEME: around.origin.scheme,
    ...(around.mediaRoot === undefined ? {} : { MEDIA_ROOT: around.mediaRoot }),
    ...around.env,
  };
}

/** Django wants the scheme, `*.` for subdomains, and the port where it is not the scheme's own. */
function trustedOrigin(host: string, { scheme, port }: Surroundings<unknown>["origin"]): string {
  const name = host.startsWith(".") ? `*${host}` : host;
  const ordinary = port === (scheme === "https" ? 443 : 80);
  return ordinary ? `${scheme}://${name}` : `${scheme}://${name}:${port}`;
}
