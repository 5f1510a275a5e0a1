import * as pulumi from "@pulumi/pulumi";
import { DockerDatabase } from "../components/database/docker-database.ts";
import { DockerNginx } from "../components/edge/docker-nginx.ts";
import { DockerHost } from "../components/host/docker-host.ts";
import { DockerNames } from "../components/host/docker-names.ts";
import { appEnvironment } from "../components/host/environment.ts";
import { DockerImage } from "../components/image/docker-image.ts";
import { DockerNetwork } from "../components/network/docker-network.ts";
import { NginxConfig } from "../components/nginx/nginx-config.ts";
import { siteTimeouts } from "../components/nginx/index.ts";
import { AppSecrets } from "../components/secrets/app-secrets.ts";
import { imagesOf } from "./images.ts";
import { projectOf } from "./project.ts";
import { roomy, tmpMebibytes } from "./limits.ts";
import { replicasOf, TCP } from "./replicas.ts";
import type { Settings } from "./settings.ts";
import { NGINX_PORT, siteOf } from "./site.ts";

/** User and group of the application in our image (components/image/Dockerfile). */
const APP_GROUP = "10001";
const APP_USER = `10001:${APP_GROUP}`;

/** The stack on this machine's Docker engine. */
export function deployLocal(settings: Settings, secrets: Readonly<Record<string, string>>) {
  const project = projectOf(settings);
  const site = siteOf(settings, project);
  const timeouts = siteTimeouts(site);
  if (settings.settingsOverlay && project.overlayBypassed !== undefined)
    void pulumi.log.warn(bypassed(project.overlayBypassed));
  const builds = imagesOf(pulumi.getStack(), settings, project);
  const media = settings.media === "volume";

  const names = new DockerNames("names");
  const generated = new AppSecrets("secrets");
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
        ...replicasOf(settings, timeouts),
        image: gunicornImage.digest,
        user: APP_USER,
        env: appEnvironment<pulumi.Input<string>>({
          secretKey: generated.secretKey,
          databaseUrl: database.url,
          allowedHosts: settings.allowedHosts,
          origin: { scheme: "http", port: settings.port },
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
      alias: settings.upstream === "tcp" ? TCP.host : undefined,
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
      port: settings.port,
      sockets: { volume: host.sockets, group: APP_GROUP },
      files: host.files,
      tmpMiB: tmpMebibytes(settings),
      resolved: settings.upstream === "tcp" ? host.replicas : [],
      stopSeconds: roomy(timeouts.stop.nginx), // nginx ends by itself long before, by worker_shutdown_timeout
    },
    { dependsOn: [...host.live] },
  );

  return { url: edge.url, nginxConf: nginxConfig.text };
}

/** Why the overlay that the settings ask for cannot be, and what the project has to do instead. */
function bypassed(reason: string): string {
  const variables = "ALLOWED_HOSTS, DATABASE_URL, STATIC_ROOT and the others of docs/architecture.md";
  return `settingsOverlay does not work here: ${reason}. The project's settings have to read ${variables} themselves; settingsOverlay: false says that they do.`;
}
