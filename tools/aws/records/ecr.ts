import { arn } from "../ids.ts";
import { finding, text, type Finding, type Records } from "../record.ts";
import type { Properties } from "../world.ts";

export const REPOSITORY = "aws:ecr/repository:Repository";

interface Rule {
  readonly rulePriority?: number;
  readonly selection?: { readonly tagStatus?: string; readonly countType?: string; readonly countNumber?: number };
  readonly action?: { readonly type?: string };
}

function lifecycle(inputs: Properties): Finding {
  const policy = text(inputs, "policy");
  if (policy === undefined) return undefined;
  const wrong = (what: string) =>
    finding("policy", `InvalidParameterException: Lifecycle policy validation failure: ${what}`);
  let rules: readonly Rule[];
  try {
    ({ rules = [] } = JSON.parse(policy) as { rules?: Rule[] });
  } catch {
    return wrong("not JSON");
  }
  const priorities = rules.map(({ rulePriority }) => rulePriority);
  if (rules.length === 0) return wrong("no rules");
  if (new Set(priorities).size < rules.length) return wrong("priorities are not unique");
  for (const { selection = {}, action } of rules) {
    if (!["tagged", "untagged", "any"].includes(selection.tagStatus ?? "")) return wrong("tagStatus");
    if (!["imageCountMoreThan", "sinceImagePushed"].includes(selection.countType ?? "")) return wrong("countType");
    if (!((selection.countNumber ?? 0) > 0)) return wrong("countNumber");
    if (action?.type !== "expire") return wrong("action");
  }
  return undefined;
}

export const REPOSITORIES: Records = {
  [REPOSITORY]: {
    autoname: ["name", 256],
    id: ({ name }) => String(name),
    outputs: ({ name }, _, place) => ({
      arn: arn(place, "ecr", `repository/${String(name)}`),
      registryId: place.account,
      repositoryUrl: `${place.registry}/${String(name)}`,
    }),
    inUse: "RepositoryNotEmptyException",
    immutable: ["encryptionConfigurations"],
    keep: ({ id, properties }) =>
      properties["forceDelete"] === true
        ? undefined
        : `RepositoryNotEmptyException: The repository with name '${id}' cannot be deleted because it still contains images`,
  },
  "aws:ecr/lifecyclePolicy:LifecyclePolicy": {
    id: ({ repository }) => String(repository),
    immutable: ["repository"],
    checks: [lifecycle],
    cross: [
      ({ repository }, { world }) =>
        world.get(REPOSITORY, String(repository))
          ? undefined
          : finding(
              "repository",
              `RepositoryNotFoundException: The repository with name '${String(repository)}' does not exist`,
            ),
    ],
  },
};
