import type { Records } from "../record.ts";
import { CERTIFICATES } from "./acm.ts";
import { NETWORKS } from "./ec2.ts";
import { SECURITY_GROUPS } from "./security-groups.ts";
import { TASKS } from "./ecs.ts";
import { REPOSITORIES } from "./ecr.ts";
import { BALANCERS } from "./elb.ts";
import { ROLES } from "./iam.ts";
import { LOGS } from "./logs.ts";
import { DATABASES } from "./rds.ts";
import { NAMES } from "./route53.ts";
import { BUCKETS } from "./s3.ts";
import { SECRETS } from "./secrets-manager.ts";

/** Every type that the program uses, and no other: what has no record is refused by name. */
export const RECORDS: Records = {
  ...NETWORKS,
  ...SECURITY_GROUPS,
  ...BALANCERS,
  ...CERTIFICATES,
  ...NAMES,
  ...REPOSITORIES,
  ...TASKS,
  ...LOGS,
  ...ROLES,
  ...DATABASES,
  ...SECRETS,
  ...BUCKETS,
};
