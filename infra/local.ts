import * as pulumi from "@pulumi/pulumi";
import { DockerDatabase } from "../components/database/docker-database.ts";
import { DockerNginx } from "../components/edge/docker-nginx.ts";
import { NGINX_PORT } from "../components/edge/nginx-container.ts";
import { DockerHost } from "../components/host/docker-host.ts";
import { DockerNames } from "../components/host/docker-names.ts";
import { appEnvironment } from "../components/host/environment.ts";
import { DockerImage } from "../components/image/docker-image.ts";
import { DockerNetwork } from "../components/network/docker-network.ts";
import { NginxConfig } from "../components/nginx/nginx-config.ts";
import { DockerSecrets } from "../components/secrets/docker-secrets.ts";
import { containerSize, gunicornOf, overTcp, TCP, workerEnvironment } from "./gunicorn.ts";
import { imagesOf } from "./images.ts";
import { ladderOf } from "./ladder.ts";
import { roomy, tmpMebibytes } from "./limits.ts";
import { projectOf, warnOfBypass } from "./project.ts";
import type { Secrets } from "./secrets.ts";
import type { DockerSettings } from "./settings.ts";
import { isHttps, siteOf } from "./site.ts";

/** User and group of the application in our image (components/image/Dockerfile). */
const APP_GROUP = "10001";
const APP_USER = `10001:${APP_GROUP}`;

/** The stack on this machine's Docker engine. */
export function deployLocal(settings: DockerSettings, { secrets, htpasswd }: Secrets) {
  const project = projectOf(settings);
  const site = siteOf(settings, project);
  const timeouts = ladderOf(settings, site);
  warnOfBypass(settings, project);
  const builds = imagesOf(pulumi.getStack(), settings, project);
  const media = settings.media === "volume";

  const names = new DockerNames("names");
  const generated = new DockerSecrets("secrets");
  const gunicornImage = new DockerImage("gunicorn-image", builds.gunicorn);
  const nginxImage = new DockerImage("nginx-image", builds.nginx);
  const { network } = new DockerNetwork("network", { names });
  const database = new DockerDatabase("database", {
    kind: settings.database,
    names,
    network,
    password: generated.databasePassword,
  });
  const nginxConfig = new NginxConfig("nginx-config", { site });

  const host = new DockerHost(
    "host",
    {
      names,
      network,
      app: {
        ...containerSize(settings),
        ...gunicornOf(settings, timeouts),
        tmpMiB: tmpMebibytes(settings),
        stopSeconds: timeouts.stop.gunicorn,
        image: gunicornImage.digest,
        user: APP_USER,
        env: appEnvironment<pulumi.Input<string>>({
          variables: { SECRET_KEY: generated.secretKey, DATABASE_URL: database.url, ...workerEnvironment(settings) },
          allowedHosts: settings.allowedHosts,
          origin: { scheme: isHttps(settings) ? "https" : "http", port: settings.port },
          mediaRoot: media ? "/srv/media" : undefined,
          env: {
            ...settings.env,
            ...Object.fromEntries(Object.entries(secrets).map(([key, value]) => [key, pulumi.secret(value)])),
          },
        }),
      },
      replicas: settings.replicas,
      mounts: database.mounts,
      media,
      publishCommand: project.publishCommand,
      releaseCommand: project.releaseCommand,
      alias: overTcp(settings) ? TCP.host : undefined,
    },
    { dependsOn: [database.ready] },
  );

  const edge = new DockerNginx(
    "edge",
    {
      names,
      network,
      image: nginxImage.digest,
      text: nginxConfig.text,
      listen: NGINX_PORT,
      statusPort: settings.nginx.statusPort,
      certificateNames: isHttps(settings) ? settings.allowedHosts : [],
      htpasswd,
      port: settings.port,
      sockets: { volume: host.sockets, group: APP_GROUP },
      files: host.files,
      tmpMiB: tmpMebibytes(settings),
      resolved: overTcp(settings) ? host.replicas : [],
      stopSeconds: roomy(timeouts.stop.nginx), // nginx ends by itself long before, by worker_shutdown_timeout
    },
    { dependsOn: [...host.live] },
  );

  return { url: edge.url, nginxConf: nginxConfig.text };
}
