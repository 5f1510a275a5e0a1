import * as pulumi from "@pulumi/pulumi";
import type { Certificate } from "../components/certificate/certificate.ts";
import type { AlbEdge } from "../components/edge/alb-edge.ts";
import type { EcsHost } from "../components/host/ecs-host.ts";
import { revisionBefore } from "../components/host/revision.ts";
import type { AwsConfig, EcsSettings } from "./settings.ts";

export interface Deployed {
  readonly settings: EcsSettings;
  readonly config: AwsConfig;
  readonly edge: AlbEdge;
  readonly host: EcsHost;
  readonly certificate: Certificate | undefined;
  readonly image: pulumi.Output<string>;
  readonly nginxConf: pulumi.Output<string>;
}

/** What a stack on AWS tells its users: where it is, what to write into DNS, and commands to copy. */
export function outputsOf({ settings, config, edge, host, certificate, image, nginxConf }: Deployed) {
  const stack = pulumi.getStack();
  const elsewhere = settings.zone === undefined;
  return {
    url: edge.url,
    nginxConf,
    image,
    ...(elsewhere && {
      dnsRecords: pulumi.all([edge.dnsName, certificate?.records ?? []]).apply(([target, proofs]) => [
        ...[settings.domain, ...settings.alternativeNames].map((name) => ({
          name,
          type: typeOf(name),
          value: target,
        })),
        ...proofs.map(({ name, type, value }) => ({ name, type, value })),
      ]),
    }),
    commands: {
      rollback: rollback(host, config),
      logs: pulumi.interpolate`aws logs tail ${host.logGroup} --follow --region ${config.region}`,
      manage: `npm run manage -- --stack ${stack} check`,
      shell: `npm run manage -- --stack ${stack} shell --command 'print("hello")'`,
      service: pulumi.interpolate`aws ecs describe-services --cluster ${host.cluster} --services ${host.service} --region ${config.region}`,
    },
    commandTask: { ...host.commandTask, ...config },
    djangoSettings: djangoSettings(settings),
  };
}

/**
 * Back to the revision before, with the digests of its images, at once; the first deployment has none. The next `pulumi up`
 * deploys what the checkout says again.
 */
const rollback = ({ cluster, service, taskDefinition }: EcsHost, { region }: AwsConfig) =>
  pulumi.all([cluster, service, taskDefinition]).apply(([inCluster, of, current]) => {
    const before = revisionBefore(current);
    const update = `aws ecs update-service --cluster ${inCluster} --service ${of} --task-definition ${before ?? ""}`;
    return before === undefined ? undefined : `${update} --region ${region}`;
  });

/** A domain itself, as example.com, can be no CNAME; DNS services call what they offer instead ALIAS or ANAME. */
const typeOf = (name: string): string => (name.split(".").length === 2 ? "ALIAS" : "CNAME");

/** For projects without the settings overlay: the lines that make their settings fit the stack. */
function djangoSettings({ allowedHosts }: EcsSettings): string {
  return [
    'SECRET_KEY = os.environ["SECRET_KEY"]',
    'ALLOWED_HOSTS = os.environ["ALLOWED_HOSTS"].split(",")',
    'CSRF_TRUSTED_ORIGINS = os.environ["CSRF_TRUSTED_ORIGINS"].split(",")',
    'SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")',
    "SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True",
    `# ALLOWED_HOSTS is ${allowedHosts.join(",")}`,
  ].join("\n");
}
