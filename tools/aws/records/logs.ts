import { arn } from "../ids.ts";
import { finding, matches, type Records } from "../record.ts";

export const LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup";

export const LOGS: Records = {
  [LOG_GROUP]: {
    autoname: ["name", 512],
    id: ({ name }) => String(name),
    outputs: ({ name }, _, place) => ({ arn: arn(place, "logs", `log-group:${String(name)}`) }),
    checks: [matches("name", /^[.\-_/#A-Za-z0-9]+$/, "InvalidParameterException: log group name")],
    cross: [
      ({ name }, { world }, self) =>
        !self && world.get(LOG_GROUP, String(name))
          ? finding("name", "ResourceAlreadyExistsException: The specified log group already exists")
          : undefined,
    ],
  },
};
