import type { Place } from "../record.ts";
import { services } from "./ecs-services.ts";
import { oneOffTasks } from "./ecs-tasks.ts";
import type { Faults, Handler } from "./handler.ts";
import { definitionOf } from "./lookup.ts";
import { Rollouts } from "./rollout.ts";
import type { Tasks } from "./tasks.ts";

/** ECS, as far as deployments and one-off tasks use it. */
export function ecs(place: Place, tasks: Tasks, faults: Faults): Handler {
  const rollouts = new Rollouts(place, tasks, faults);
  return {
    ...services(place, rollouts, faults),
    ...oneOffTasks(place, tasks, rollouts, faults),
    DescribeTaskDefinition: ({ taskDefinition }) => {
      const { id, properties } = definitionOf(place, taskDefinition);
      const { arn, revision, containerDefinitions, cpu, memory, networkMode, executionRoleArn, taskRoleArn } =
        properties;
      return {
        taskDefinition: {
          taskDefinitionArn: arn,
          family: id,
          revision,
          status: "ACTIVE",
          containerDefinitions: JSON.parse(String(containerDefinitions)) as unknown,
          ...{ cpu, memory, networkMode, executionRoleArn, taskRoleArn },
        },
      };
    },
  };
}
