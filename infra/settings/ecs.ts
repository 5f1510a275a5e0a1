import { z } from "zod";
import type { Size } from "../../components/nginx/values.ts";
import type { Profile } from "../../components/shared/profile.ts";
import { common } from "./common.ts";
import { expects, hostName, list, oneOf, secretReferences, size, text, whole } from "./values.ts";

/** Fargate's sizes: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html#fargate-tasks-size */
const CPUS = [0.25, 0.5, 1, 2, 4, 8, 16] as const;

const DOMAIN = /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/;
const ALTERNATIVE = new RegExp(`^(\\*\\.)?${DOMAIN.source.slice(1)}`);
const REGION = "[a-z]{2}(-[a-z]+)+-\\d";

const secretArn = text(
  new RegExp(`^arn:aws[a-z-]*:secretsmanager:${REGION}:\\d{12}:secret:[A-Za-z0-9/_+=.@!-]+(:[A-Za-z0-9_.-]+)?$`),
  "the ARN of a secret",
  '"arn:aws:secretsmanager:<region>:<account>:secret:<name>", with ":key" behind it for one key of a JSON secret',
);

/** A stack on ECS Fargate behind an Application Load Balancer. What is optional follows from `profile`, see `BY_PROFILE`. */
export const ecsSettings = z.strictObject({
  host: z.literal("ecs").describe("Where the containers run: `ecs` is ECS Fargate. Left out, it is this one."),
  edge: z
    .literal("alb")
    .describe("What clients reach first: `alb` is an Application Load Balancer. Left out, it is this one."),
  ...common,
  profile: oneOf(["dev", "prod"]).describe(
    "What costs money or protects data: `dev` is cheap and goes away without a trace, `prod` stands in two zones and keeps its data.",
  ),
  domain: text(DOMAIN, "a domain", '"shop.example.com"').describe("Name of the site, and of its certificate."),
  alternativeNames: list(text(ALTERNATIVE, "a domain", '"www.example.com" or "*.example.com"'), '["www.example.com"]')
    .max(9, expects("a list of at most 9 names", 'fewer, or a wildcard such as "*.example.com"'))
    .default([])
    .describe("Further names of the site, in the same certificate."),
  zone: text(
    /^(Z[A-Z0-9]{8,31}|([a-z0-9-]+\.)+[a-z]{2,63})$/,
    "a hosted zone",
    '"example.com" or an id such as "Z0123456789ABC"',
  )
    .optional()
    .describe(
      "Public Route 53 zone of the domain; it is looked up, never created. Without it and `certificateArn`, DNS is elsewhere.",
    ),
  certificateArn: text(
    new RegExp(`^arn:aws[a-z-]*:acm:${REGION}:\\d{12}:certificate/[0-9a-f-]{36}$`),
    "the ARN of an ACM certificate",
    '"arn:aws:acm:<region>:<account>:certificate/<id>"',
  )
    .optional()
    .describe("An ACM certificate that exists and is issued. Default: one is made."),

  replicas: whole(1, 20, 2).optional().describe("Tasks, each nginx and Gunicorn. Default: 1 in dev, 2 in prod."),
  cpu: z
    .union(
      CPUS.map((cpu) => z.literal(cpu)),
      expects("a size of Fargate", CPUS.join(", ")),
    )
    .optional()
    .describe(`vCPUs of a task: ${CPUS.join(", ")}; decides workers and threads. Default: 0.25 in dev, 0.5 in prod.`),
  memory: size.optional().describe("Memory of a task, by cpu from 512m to 120g. Default: 512m in dev, 1g in prod."),
  architecture: oneOf(["x86_64", "arm64"])
    .default("x86_64")
    .describe("Processor of the tasks. arm64 costs a fifth less; it is built natively on ARM machines only."),
  zones: whole(2, 3, 2).default(2).describe("Availability zones."),
  egress: oneOf(["public-ip", "nat", "nat-per-zone"])
    .optional()
    .describe(
      "How tasks reach the internet: a public address each (no cost, no way in), one NAT gateway, or one in each zone. Default: public-ip in dev, nat-per-zone in prod.",
    ),
  egressPorts: z
    .record(
      text(/^[a-z][a-z0-9-]{0,31}$/, "a name", 'a name such as "smtp"'),
      whole(1, 65535, 587),
      expects("a mapping", "smtp: 587"),
    )
    .prefault({})
    .describe("TCP ports beside 443 that tasks may reach outside, by name, as `smtp: 587`."),
  media: z
    .literal("none", {
      error: ({ input }) =>
        `${JSON.stringify(input)} cannot be on ecs: the disk of a task is lost at each deployment, and no task sees another's. Write "none", and keep uploads in a bucket with django-storages.`,
    })
    .default("none")
    .describe("Uploaded files are not kept on ecs: the disk of a task is lost at each deployment."),
  database: oneOf(["postgres", "existing", "none"])
    .default("postgres")
    .describe("RDS PostgreSQL, one of your own (its URL under `secrets` as DATABASE_URL), or none."),
  databaseClass: text(/^db\.[a-z0-9-]+\.[a-z0-9]+$/, "an instance class", '"db.t4g.micro"')
    .optional()
    .describe("Size of the database. Default: db.t4g.micro in dev, db.t4g.small in prod."),
  databaseStorage: whole(20, 65_536, 20)
    .default(20)
    .describe("Storage of the database in GiB; it can grow, never shrink."),
  allowedHosts: list(hostName, '["www.example.com"]')
    .min(1, expects("a list with a host", '["www.example.com"]'))
    .optional()
    .describe("Host names the application answers to. Default: `domain` and `alternativeNames`."),
  htpasswd: secretArn
    .optional()
    .describe(
      "Users for `auth`, a line `user:hash` for each, as `htpasswd -nB <user>` prints it: the ARN of the Secrets Manager secret that holds them.",
    ),
  secrets: secretReferences(secretArn, '"arn:aws:secretsmanager:…"').describe(
    "Secret environment variables of the application, each the ARN of a Secrets Manager secret, with `:key` for one key of a JSON secret.",
  ),
});

interface ProfileDefaults {
  readonly replicas: number;
  readonly cpu: number;
  readonly memory: Size;
  readonly egress: "public-ip" | "nat" | "nat-per-zone";
  readonly databaseClass: string;
}

/** What the profile decides, where the settings do not. */
const BY_PROFILE: Readonly<Record<Profile, ProfileDefaults>> = {
  dev: { replicas: 1, cpu: 0.25, memory: "512m", egress: "public-ip", databaseClass: "db.t4g.micro" },
  prod: { replicas: 2, cpu: 0.5, memory: "1g", egress: "nat-per-zone", databaseClass: "db.t4g.small" },
};

/** The settings with the defaults that follow from other settings. */
export function completeEcs(given: z.infer<typeof ecsSettings>) {
  const names = [given.domain, ...given.alternativeNames];
  // Django writes a wildcard as ".example.com".
  const allowedHosts = [...new Set(names.map((name) => name.replace(/^\*/, "")))];
  return { allowedHosts, ...BY_PROFILE[given.profile], ...given };
}

export type EcsSettings = ReturnType<typeof completeEcs>;
