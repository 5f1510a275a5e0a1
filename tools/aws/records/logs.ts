import { arn } from "../ids.ts";
import { finding, matches, oneOf, type Records } from "../record.ts";

export const LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup";
const RETENTIONS = [
  0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

export const LOGS: Records = {
  [LOG_GROUP]: {
    autoname: ["name", 512],
    id: ({ name }) => String(name),
    outputs: ({ name }, _, place) => ({ arn: arn(place, "logs", `log-group:${String(name)}`) }),
    checks: [
      matches("name", /^[.\-_/#A-Za-z0-9]{1,512}$/, "InvalidParameterException: log group name"),
      oneOf("retentionInDays", RETENTIONS, "InvalidParameterException"),
    ],
    cross: [
      ({ name }, { world }, self) =>
        !self && world.get(LOG_GROUP, String(name))
          ? finding("name", "ResourceAlreadyExistsException: The specified log group already exists")
          : undefined,
    ],
  },
};
