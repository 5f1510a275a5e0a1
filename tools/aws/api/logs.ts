import { AwsError, type Handler } from "./handler.ts";
import type { Tasks } from "./tasks.ts";

/** CloudWatch Logs, as far as tasks write: streams are named `<prefix>/<container>/<task id>`. */
export const logs = (tasks: Tasks): Handler => ({
  GetLogEvents: async ({ logStreamName, limit = 10_000, startFromHead = false, nextToken }) => {
    const [, container = "", task = ""] = String(logStreamName).split("/");
    const lines = await tasks.log(task, container);
    if (lines === undefined) {
      throw new AwsError("ResourceNotFoundException", "The specified log stream does not exist.");
    }
    const seen = typeof nextToken === "string" ? Number(nextToken.slice(2)) : 0;
    const wanted = startFromHead === true ? lines.slice(seen) : lines.slice(-Number(limit));
    return {
      events: wanted.map((message, index) => ({ message, timestamp: index })),
      nextForwardToken: `f/${lines.length}`,
    };
  },
});
