import assert from "node:assert/strict";
import type { Plan } from "./planned.ts";

/** Whether a resource waits for another one over however many steps: a child waits for its parent, and so for what that waits for. */
export function reaches({ resources }: Pick<Plan, "resources">, from: string, to: string): boolean {
  const urnsOf = (name: string) => resources.filter((resource) => resource.name === name).map(({ urn }) => urn);
  const byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
  const seen = new Set<string>();
  const queue = urnsOf(from);
  const goals = new Set(urnsOf(to));
  assert.ok(queue.length && goals.size, `${from} or ${to} is not in the plan`);
  for (let urn = queue.pop(); urn !== undefined; urn = queue.pop()) {
    if (goals.has(urn)) return true;
    if (seen.has(urn)) continue;
    seen.add(urn);
    const { dependencies = [], parent } = byUrn.get(urn) ?? {};
    queue.push(...dependencies, ...(parent === undefined ? [] : [parent]));
  }
  return false;
}
