import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { closest } from "fastest-levenshtein";
import { parse as parseYaml, parseDocument, stringify, YAMLParseError } from "yaml";
import { UserError } from "../../components/shared/user-error.ts";
import { inRoot } from "./command.ts";

const PREFIX = "wsgi-on-aws:";

/** A stack's file as the user wrote it, with `--set` laid over it. */
export interface StackFile {
  readonly stack: string;
  /** The file's content, keys with their prefix, as Pulumi reads it. */
  readonly config: Readonly<Record<string, unknown>>;
  /** The settings of this project, without prefix. */
  readonly raw: Readonly<Record<string, unknown>>;
}

/**
 * Reads `stacks/Pulumi.<stack>.yaml` and lays `key=value` over it.
 * @throws UserError when the stack or its YAML is not what it should be
 */
export function readStackFile(stack: string, set: readonly string[]): StackFile {
  const relative = `stacks/Pulumi.${stack}.yaml`;
  if (!existsSync(inRoot(relative))) {
    const known = readdirSync(inRoot("stacks")).flatMap((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? []);
    const remedy = `Did you mean "${closest(stack, known)}"? Stacks: ${known.join(", ")}.`;
    throw new UserError([{ where: "--stack", what: `there is no ${relative}.`, remedy }]);
  }
  const config = { ...readConfig(relative) };
  for (const assignment of set) assign(config, assignment);
  return toStackFile(stack, config);
}

/** What `--set` says, keys without the project's prefix. */
export function assignments(set: readonly string[]): Record<string, unknown> {
  const config: Record<string, unknown> = {};
  for (const assignment of set) assign(config, assignment);
  return Object.fromEntries(Object.entries(config).map(([key, value]) => [key.slice(PREFIX.length), value]));
}

/** The stack as its last start or stop had it, `--set` included; as its file says before the first one. */
export function readLastFile(stack: string): StackFile {
  const file = readStackFile(stack, []);
  return existsSync(inRoot(configFile(stack))) ? toStackFile(stack, readConfig(configFile(stack))) : file;
}

function toStackFile(stack: string, config: Readonly<Record<string, unknown>>): StackFile {
  const own = Object.entries(config).filter(([key]) => key.startsWith(PREFIX));
  return { stack, config, raw: Object.fromEntries(own.map(([key, value]) => [key.slice(PREFIX.length), value])) };
}

function readConfig(relative: string): Record<string, unknown> {
  const fail = (what: string, remedy: string) => new UserError([{ where: relative, what, remedy }]);
  const document = parseDocument(readFileSync(inRoot(relative), "utf8"));
  const [error] = document.errors;
  if (error) {
    const line = error.linePos?.[0].line ?? 1;
    throw fail(`line ${line}: ${error.message.split(" at line")[0] ?? ""}.`, "Write YAML.");
  }
  const content: unknown = document.toJS();
  const config = isMapping(content) && "config" in content ? (content.config ?? {}) : undefined;
  if (!isMapping(config))
    throw fail("there is no mapping under `config:`.", `Write "config:" and below it "  ${PREFIX}port: 8080".`);
  return config;
}

/**
 * `key=value`, or `key.name=value` for one entry of a mapping; `key=null` leaves the key out. The value is YAML; but an entry is never a number, for a
 * variable's 1.10 is a text of four characters.
 */
function assign(config: Record<string, unknown>, assignment: string): void {
  const fail = (what: string) =>
    new UserError([
      {
        where: `--set ${assignment}`,
        what,
        remedy: "Write --set key=value, as --set port=8081 or --set env.NAME=text.",
      },
    ]);
  const [, key, name, text] = /^([A-Za-z]\w*)(?:\.([^=]+))?=(.*)$/s.exec(assignment) ?? [];
  if (key === undefined || text === undefined) throw fail("is not an assignment.");
  let value: unknown;
  try {
    value = parseYaml(text);
  } catch (error) {
    if (error instanceof YAMLParseError) throw fail("holds a value that is not YAML.");
    throw error;
  }
  if (value === null && name === undefined) {
    Reflect.deleteProperty(config, PREFIX + key);
    return;
  }
  const before = config[PREFIX + key];
  const entry = typeof value === "string" || (typeof value === "object" && value !== null) ? value : text;
  config[PREFIX + key] = name === undefined ? value : { ...(isMapping(before) ? before : {}), [name]: entry };
}

/**
 * Writes the file that `pulumi --config-file` gets, so that the tracked one stays as it is.
 * @returns its path relative to the repository
 */
export function writeConfigFile({ stack, config }: StackFile, encryptionSalt: string): string {
  const relative = configFile(stack);
  mkdirSync(dirname(inRoot(relative)), { recursive: true });
  writeFileSync(inRoot(relative), stringify({ encryptionsalt: encryptionSalt, config }));
  return relative;
}

const configFile = (stack: string) => `.local/config/Pulumi.${stack}.yaml`;

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
