// How the engine marks values on the wire: https://pulumi-developer-docs.readthedocs.io (property values); the same constants
// stand in @pulumi/pulumi/runtime/rpc.
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

export function secret(value: unknown): unknown {
  return { [SIGNATURE]: SECRET, value };
}

/** A value without the marks of secrets and outputs. */
export function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  if (SIGNATURE in value) return "value" in value ? plain(value.value) : UNKNOWN;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
}

/** Whether a value, or one inside it, is known only after other resources are made. */
export function isUnknown(value: unknown): boolean {
  return JSON.stringify(plain(value)).includes(UNKNOWN);
}

export function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}
