import * as pulumi from "@pulumi/pulumi";
import { Account } from "../components/aws/account.ts";
import { Certificate } from "../components/certificate/certificate.ts";
import { zoneId } from "../components/certificate/zone.ts";
import { Database } from "../components/database/database.ts";
import { AlbEdge } from "../components/edge/alb-edge.ts";
import { NGINX_PORT } from "../components/edge/nginx-container.ts";
import { EcsHost } from "../components/host/ecs-host.ts";
import { ImageRepository } from "../components/image/image-repository.ts";
import { rdsCertificates } from "../components/image/rds-ca.ts";
import { RegistryImage } from "../components/image/registry-image.ts";
import { Firewall } from "../components/network/firewall.ts";
import { Network } from "../components/network/network.ts";
import { NginxConfig } from "../components/nginx/nginx-config.ts";
import { AppSecrets } from "../components/secrets/app-secrets.ts";
import { imagesOf } from "./images.ts";
import { ladderOf } from "./ladder.ts";
import { outputsOf } from "./outputs.ts";
import { projectOf, warnOfBypass } from "./project.ts";
import type { AwsConfig, EcsSettings } from "./settings.ts";
import { siteOf, VPC_CIDR } from "./site.ts";
import { passwordKind, taskEnvironment, taskOf } from "./task.ts";

/** The stack on ECS Fargate behind a load balancer. */
export function deployAws(settings: EcsSettings, config: AwsConfig) {
  const project = projectOf(settings);
  const site = siteOf(settings, project);
  const timeouts = ladderOf(settings, site);
  warnOfBypass(settings, project);
  const password = passwordKind(settings, project);
  const rds = password && { caPem: rdsCertificates(config.region), rotatedPassword: password === "rotated" };
  const builds = imagesOf(pulumi.getStack(), settings, project, rds);
  const task = taskOf(settings, project, timeouts);
  const { profile } = settings;
  const domains = [settings.domain, ...settings.alternativeNames] as const;

  const { provider, place } = new Account("aws", config);
  const onAws = { provider };

  const network = new Network(
    "network",
    {
      profile,
      region: place.region,
      account: place.account,
      cidr: VPC_CIDR,
      zones: settings.zones,
      egress: settings.egress,
    },
    onAws,
  );
  const firewall = new Firewall(
    "firewall",
    {
      vpcId: network.vpcId,
      port: NGINX_PORT,
      egressPorts: settings.egressPorts,
      database: settings.database === "postgres",
    },
    onAws,
  );
  const images = {
    gunicorn: new ImageRepository("gunicorn", { profile }, onAws),
    nginx: new ImageRepository("nginx", { profile }, onAws),
  };
  const gunicorn = new RegistryImage("gunicorn-image", { build: builds.gunicorn, repository: images.gunicorn }, onAws);
  const nginx = new RegistryImage("nginx-image", { build: builds.nginx, repository: images.nginx }, onAws);

  const secrets = new AppSecrets(
    "secrets",
    { profile, secretKey: !("SECRET_KEY" in settings.secrets), databasePassword: password === "own" },
    onAws,
  );
  const database =
    firewall.databaseGroupId &&
    new Database(
      "database",
      {
        profile,
        subnetIds: network.privateSubnetIds,
        securityGroupId: firewall.databaseGroupId,
        instanceClass: settings.databaseClass,
        storage: settings.databaseStorage,
        password: secrets.databasePassword?.value,
      },
      onAws,
    );

  const zone = settings.zone === undefined ? undefined : zoneId(settings.zone, domains, onAws);
  const certificate =
    settings.certificateArn === undefined
      ? new Certificate("certificate", { place, domains, zoneId: zone }, onAws)
      : undefined;
  const edge = new AlbEdge(
    "edge",
    {
      profile,
      account: place.account,
      vpcId: network.vpcId,
      subnetIds: network.publicSubnetIds,
      securityGroupId: firewall.edgeGroupId,
      port: NGINX_PORT,
      healthPath: "/healthz",
      times: timeouts.loadBalancer,
      balancing: settings.balancing.method === "round-robin" ? "round_robin" : "least_outstanding_requests",
      certificateArn: certificate?.arn ?? settings.certificateArn ?? "",
      domains,
      zoneId: zone,
      reachable: [...network.routes, ...firewall.rules],
    },
    onAws,
  );

  const nginxConfig = new NginxConfig("nginx-config", { site });
  const publicTasks = settings.egress === "public-ip";
  const host = new EcsHost(
    "host",
    {
      profile,
      place,
      images: { gunicorn: gunicorn.digest, nginx: nginx.digest },
      repositories: [images.gunicorn.arn, images.nginx.arn],
      nginxConf: nginxConfig.text,
      htpasswd: settings.htpasswd,
      ...taskEnvironment(settings, { secrets, database }),
      task,
      architecture: settings.architecture,
      network: {
        subnetIds: publicTasks ? network.publicSubnetIds : network.privateSubnetIds,
        securityGroupId: firewall.taskGroupId,
        assignPublicIp: publicTasks,
      },
      targetGroupArn: edge.targetGroupArn,
      // Everything that needs no certificate comes first: with DNS elsewhere a deployment ends here until it is issued.
      listen: (released) =>
        edge.listen(
          certificate ? [certificate.issuedAfter([edge.http, ...(database ? [database.ready] : []), ...released])] : [],
        ),
      releaseCommand: project.releaseCommand,
      ready: [...network.routes, ...firewall.rules, ...secrets.versions, ...(database ? [database.ready] : [])],
    },
    onAws,
  );
  return outputsOf({ settings, config, edge, host, certificate, image: gunicorn.digest, nginxConf: nginxConfig.text });
}
