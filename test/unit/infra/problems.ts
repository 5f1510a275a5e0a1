import assert from "node:assert/strict";
import { UserError } from "../../../components/shared/user-error.ts";
import { parseSettings } from "../../../infra/settings.ts";

/** What is said of settings, a line for each: key, what is wrong, what to write instead. */
export function problems(raw: Readonly<Record<string, unknown>>): readonly string[] {
  try {
    parseSettings(raw);
  } catch (error) {
    assert.ok(error instanceof UserError, String(error));
    return error.problems.map(({ where, what, remedy }) => `${where}: ${what} ${remedy}`.trimEnd());
  }
  return [];
}
