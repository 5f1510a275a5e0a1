/** Everything `tools/` can supply where the internet is closed; the table in tools/README.md has one row for each. */
export const PARTS = [
  "engine",
  "language host",
  "provider docker",
  "provider random",
  "docker engine",
  "image debian:13-slim",
  "image postgres:17",
  "docker registry",
] as const;

export type Part = (typeof PARTS)[number];

/** The versions that the project is tested with; the providers' are those of the npm packages in package.json. */
export const VERSIONS = { engine: "3.259.0", docker: "5.2.0", random: "4.21.2" } as const;

/** The one variable that switches all of `tools/` off: `WSGI_ON_AWS_TOOLS=off`. */
export const SWITCH = "WSGI_ON_AWS_TOOLS";

/** What one run knows of its machine, and where it keeps what it makes. */
export interface Site {
  /** The checkout, absolute. */
  readonly root: string;
  /** `.local/tools`: one folder a part and version. */
  readonly tools: string;
  /** `.local/tools/bin`: comes first on PATH. */
  readonly bin: string;
  /** `PULUMI_HOME`: the engine looks for providers in `plugins/` below it. */
  readonly pulumiHome: string;
  /** The environment for child processes; what a part adds is there for the parts that need it. */
  readonly env: NodeJS.ProcessEnv;
  /** Commands by name that the parts so far have found, absolute. */
  readonly commands: Record<string, string>;
  readonly say: (line: string) => void;
  /** Installs those of these Debian packages that the release has, after one question a run. */
  readonly install: (packages: readonly string[], why: string) => Promise<void>;
}

/** A part that is there. */
export interface Found {
  /** Where it comes from, for people: `PATH`, `.local/tools/pulumi/3.259.0 (built from the Go module)`. */
  readonly from: string;
  readonly version?: string;
  /** Commands that it brings, by name; absolute paths. */
  readonly commands?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  /** What stays on the machine after this run, and how to end it. */
  readonly leftover?: string;
}

/** How one part is had. */
export interface Supplier {
  readonly part: Part;
  /** Parts that have to be there first. */
  readonly needs: readonly Part[];
  /** Looks only: never fetches, writes or starts anything. */
  readonly find: (site: Site) => Promise<Found | undefined>;
  /** The way of every machine with a connection; `undefined` when it is not open. Tried twice. */
  readonly ordinary?: (site: Site) => Promise<Found | undefined>;
  /** The way of a closed network. */
  readonly standIn: (site: Site) => Promise<Found>;
  /** What a user without `tools/` does. */
  readonly remedy: string;
}
