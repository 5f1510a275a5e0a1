import type { Place } from "../record.ts";
import { containersOf } from "../records/container-checks.ts";
import { LOG_GROUP } from "../records/logs.ts";
import { AwsError, type Handler } from "./handler.ts";
import { definitionOf, nameIn } from "./lookup.ts";
import type { Tasks } from "./tasks.ts";

const MOST_EVENTS = 10_000;

interface LogRequest {
  readonly logGroupName?: string;
  readonly logStreamName?: string;
  readonly limit?: number;
  readonly startFromHead?: boolean;
  readonly nextToken?: string;
}

/**
 * CloudWatch Logs, as far as tasks write. A container writes where its definition says, and nowhere else: into the stream
 * `<prefix>/<container>/<task id>` of its group.
 */
export function logs(place: Place, tasks: Tasks): Handler {
  const linesOf = async (group: string, stream: string): Promise<readonly string[]> => {
    if (!place.world.get(LOG_GROUP, group)) throw missing("group");
    const [, name = "", id = ""] = stream.split("/");
    const task = (await tasks.all()).find(({ arn }) => nameIn(arn) === id);
    if (!task) throw missing("stream");
    const container = containersOf(definitionOf(place, task.definition).properties).find((each) => each.name === name);
    const options = container?.logConfiguration?.options ?? {};
    const itsStream = `${options["awslogs-stream-prefix"] ?? ""}/${name}/${id}`;
    const ran =
      task.status !== "STOPPED" || task.containers.some((each) => each.name === name && each.exitCode !== undefined);
    const lines =
      ran && options["awslogs-group"] === group && stream === itsStream ? await tasks.log(id, name) : undefined;
    if (!lines) throw missing("stream");
    return lines;
  };

  return {
    /** From a token on, or the first or last ones; a token that does not move any more says that this was all. */
    GetLogEvents: async (input) => {
      const {
        logGroupName = "",
        logStreamName = "",
        limit = MOST_EVENTS,
        startFromHead,
        nextToken,
      } = input as LogRequest;
      const lines = await linesOf(logGroupName, logStreamName);
      const [, direction, position] = /^([fb])\/(\d+)$/.exec(nextToken ?? "") ?? [];
      if (nextToken !== undefined && direction === undefined)
        throw new AwsError("InvalidParameterException", "The specified nextToken is invalid.");
      const at = Number(position);
      const first =
        direction === "f" ? at : direction === "b" ? at - limit : startFromHead === true ? 0 : lines.length - limit;
      const from = Math.max(0, first);
      const to = direction === "b" ? at : Math.min(lines.length, from + limit);
      return {
        events: lines.slice(from, to).map((message, index) => ({ message, timestamp: from + index })),
        nextForwardToken: `f/${to}`,
        nextBackwardToken: `b/${from}`,
      };
    },
  };
}

const missing = (what: string) =>
  new AwsError("ResourceNotFoundException", `The specified log ${what} does not exist.`);
