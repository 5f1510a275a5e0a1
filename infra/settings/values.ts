import { z } from "zod";
import { size as asSize, time as asTime } from "../../components/nginx/values.ts";

/** Says what was found and what to write instead; `format` reads after "is not", `example` after "Write". */
export const expects = (format: string, example: string) => ({
  error: (issue: { input?: unknown }) =>
    issue.input === undefined
      ? `is missing. Write ${example}.`
      : `${JSON.stringify(issue.input)} is not ${format}. Write ${example}.`,
});

export const text = (pattern: RegExp, format: string, example: string) =>
  z.string(expects(format, example)).regex(pattern, expects(format, example));

export const oneOf = <const T extends readonly [string, ...string[]]>(values: T) =>
  z.enum(values, expects("one of the choices", values.map((value) => `"${value}"`).join(" or ")));

export const whole = (least: number, most: number, example: number) => {
  const expected = expects(`a whole number from ${least} to ${most}`, String(example));
  return z.int(expected).min(least, expected).max(most, expected);
};

export const list = <T extends z.ZodType>(item: T, example: string) => z.array(item, expects("a list", example));

/** A duration in whole seconds, minutes, hours or days. */
export const time = text(/^[1-9]\d{0,5}[smhd]$/, "a time", '"30s", "5m", "1h" or "30d"').transform(asTime);
/** A size in kibibytes, mebibytes or gibibytes. */
export const size = text(/^[1-9]\d{0,5}[kmg]$/, "a size", '"512k", "20m" or "1g"').transform(asSize);
export const variable = text(
  /^[A-Za-z_][A-Za-z0-9_]*$/,
  "the name of an environment variable",
  "letters, digits and _",
);
/** As nginx resolves it: `//` and the segments `.` and `..` never reach a rule. */
export const urlPath = text(
  /^(?!.*\/\/)(?!.*\/\.{1,2}(\/|$))\/[A-Za-z0-9._~/-]*$/,
  "a URL path",
  'a path such as "/reports/"',
);

/** Secret variables, each a reference in the form of the host. */
export const secretReferences = (reference: z.ZodType<string>, example: string) =>
  z.record(variable, reference, expects("a mapping", `NAME: ${example}`)).prefault({});

export const hostName = text(
  /^(\.?[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9-]+)*|\[[0-9a-f:]+\])$/,
  "a host name",
  '"www.example.com", ".example.com" for it and its subdomains, or "[::1]"',
);
