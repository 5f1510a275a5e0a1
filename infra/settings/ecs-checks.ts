import { fargateMemory } from "../../components/host/fargate.ts";
import type { Problem } from "../../components/shared/user-error.ts";
import { mebibytes } from "../../components/shared/units.ts";
import type { EcsSettings } from "./ecs.ts";

/** What settings of a stack on ECS contradict one another. Time limits are judged by the ladder (infra/ladder.ts). */
export function ecsChecks(settings: EcsSettings): Problem[] {
  return [...names(settings), ...size(settings), ...database(settings), ...egress(settings)];
}

function names({ domain, alternativeNames, zone }: EcsSettings): Problem[] {
  const problems: Problem[] = [];
  const all = [domain, ...alternativeNames];
  for (const [index, name] of alternativeNames.entries()) {
    if (all.indexOf(name) <= index) {
      problems.push({
        where: `alternativeNames.${index}`,
        what: `"${name}" stands there twice.`,
        remedy: "Leave it out.",
      });
    }
  }
  if (zone === undefined || !zone.includes(".")) return problems; // an id says nothing about its names
  const outside = all.filter((name) => name !== zone && !name.endsWith(`.${zone}`));
  for (const name of outside) {
    const where = name === domain ? "domain" : `alternativeNames.${alternativeNames.indexOf(name)}`;
    const what = `"${name}" does not belong to the zone "${zone}".`;
    problems.push({ where, what, remedy: `Write a name that ends with ".${zone}", or another zone.` });
  }
  return problems;
}

function size({ cpu, memory }: EcsSettings): Problem[] {
  const offered = fargateMemory(cpu);
  if (offered.includes(mebibytes(memory))) return [];
  const readable = offered.map((mib) => (mib % 1024 === 0 ? `${mib / 1024}g` : `${mib}m`));
  const choices =
    readable.length > 5 ? `${readable[0] ?? ""}, ${readable[1] ?? ""} … ${readable.at(-1) ?? ""}` : readable.join(", ");
  return [
    {
      where: "memory",
      what: `"${memory}" does not go with ${cpu} vCPU on Fargate.`,
      remedy: `Write one of ${choices}.`,
    },
  ];
}

function database({ database: kind, secrets }: EcsSettings): Problem[] {
  if (kind !== "existing" || "DATABASE_URL" in secrets) return [];
  const what = '"existing" needs the address of your database, and there is none.';
  return [{ where: "database", what, remedy: "Write secrets: { DATABASE_URL: <ARN of the secret that holds it> }." }];
}

/** A port that is open already, or is written twice, is one rule too many for AWS. */
function egress({ egressPorts }: EcsSettings): Problem[] {
  const entries = Object.entries(egressPorts);
  return entries.flatMap(([name, port], index): Problem[] => {
    const where = `egressPorts.${name}`;
    if (name === "https" || port === 443) {
      return [{ where, what: "is open already, on port 443.", remedy: "Leave it out, or choose another name." }];
    }
    const twin = entries.slice(0, index).find(([, other]) => other === port);
    return twin
      ? [{ where, what: `port ${port} is open already, as ${twin[0]}.`, remedy: "Leave one of them out." }]
      : [];
  });
}
