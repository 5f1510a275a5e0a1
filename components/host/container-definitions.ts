import { CONF_FOLDER, installScript, NGINX_PORT, nginxHealthCommand, passwordScript } from "../edge/nginx-container.ts";
import type { EcsTimeouts } from "../edge/rollout.ts";
import type { TaskSize } from "./task-size.ts";

/** The part of ECS's ContainerDefinition that is written here; every container has every list, or each refresh shows a change. */
export interface ContainerDefinition {
  readonly name: string;
  readonly image: string;
  readonly essential: boolean;
  readonly user: string;
  readonly cpu: number;
  readonly memory?: number;
  readonly command: readonly string[];
  readonly environment: readonly { readonly name: string; readonly value: string }[];
  readonly secrets: readonly { readonly name: string; readonly valueFrom: string }[];
  readonly mountPoints: readonly {
    readonly sourceVolume: string;
    readonly containerPath: string;
    readonly readOnly: boolean;
  }[];
  readonly portMappings: readonly {
    readonly containerPort: number;
    readonly hostPort: number;
    readonly protocol: "tcp";
  }[];
  readonly volumesFrom: readonly never[];
  readonly systemControls: readonly never[];
  readonly dependsOn?: readonly { readonly containerName: string; readonly condition: "SUCCESS" | "HEALTHY" }[];
  readonly healthCheck?: {
    readonly command: readonly string[];
    readonly interval: number;
    readonly timeout: number;
    readonly retries: number;
    readonly startPeriod: number;
  };
  readonly stopTimeout?: number;
  readonly readonlyRootFilesystem: true;
  readonly linuxParameters: { readonly capabilities: { readonly drop: readonly ["ALL"] } };
  readonly logConfiguration: {
    readonly logDriver: "awslogs";
    readonly options: Readonly<Record<string, string>>;
  };
}

/** What the containers of a task are made of, all values known. */
export interface TaskParts {
  readonly size: TaskSize;
  /** Images by digest. */
  readonly images: { readonly gunicorn: string; readonly nginx: string };
  readonly command: readonly string[];
  readonly healthCommand: readonly string[];
  /** Copies the image's static files to where nginx serves them; absent where there are none. */
  readonly publishCommand?: readonly string[];
  readonly nginxConf: string;
  /** nginx's port for those inside the task. */
  readonly statusPort: number;
  /** Users of nginx's own passwords: the secret, as ECS names it. */
  readonly htpasswd?: string;
  readonly env: Readonly<Record<string, string>>;
  /** ARNs, as ECS reads them: `arn`, or `arn:jsonKey::`. */
  readonly secrets: Readonly<Record<string, string>>;
  readonly timeouts: EcsTimeouts;
  readonly logs: { readonly group: string; readonly region: string };
}

/** User and group of the application, and nginx's user in that group, for the sockets are the group's. */
const APP_USER = "10001:10001";
const NGINX_USER = "101:10001";
/** First part of the names of log streams. */
export const LOG_PREFIX = "task";

/**
 * Volumes of a task, empty at its start. Each path is a VOLUME of the image that is mounted there first: without that a
 * volume belongs to root, and nobody here could write to it.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/bind-mounts.html
 */
const VOLUMES = {
  conf: CONF_FOLDER,
  "gunicorn-tmp": "/tmp",
  "nginx-tmp": "/tmp",
  sockets: "/run/gunicorn",
  static: "/srv/static",
} as const;
export type Volume = keyof typeof VOLUMES;
export const VOLUME_NAMES = Object.keys(VOLUMES) as readonly Volume[];

/** nginx and Gunicorn as one task, sorted by name as ECS returns them. */
export function serviceContainers(parts: TaskParts): ContainerDefinition[] {
  const { size, images, timeouts, publishCommand } = parts;
  const { rollout, health, stop } = timeouts;
  const after = (containerName: string, condition: "SUCCESS" | "HEALTHY" = "SUCCESS") => ({ containerName, condition });
  const published = publishCommand ? [after("static")] : [];
  return [
    {
      ...gunicorn(parts),
      command: parts.command,
      mountPoints: [mount("gunicorn-tmp"), mount("sockets")],
      healthCheck: {
        command: ["CMD", ...parts.healthCommand],
        ...health,
        startPeriod: rollout.startPeriod.gunicorn,
      },
    },
    {
      ...container("nginx", images.nginx, NGINX_USER, parts),
      cpu: size.nginx.cpu,
      memory: size.nginx.memoryMiB,
      // The image's own command; written out, for ECS would keep that of an earlier revision's image.
      command: ["nginx", "-c", `${CONF_FOLDER}/nginx.conf`, "-g", "daemon off;"],
      mountPoints: [
        mount("conf", true),
        mount("nginx-tmp"),
        mount("sockets"),
        ...(publishCommand ? [mount("static", true)] : []),
      ],
      portMappings: [{ containerPort: NGINX_PORT, hostPort: NGINX_PORT, protocol: "tcp" }],
      // What waits for another starts after it and is stopped before it.
      dependsOn: [after("gunicorn", "HEALTHY"), after("nginx-conf"), ...published],
      healthCheck: {
        command: ["CMD", ...nginxHealthCommand(parts.statusPort)],
        ...health,
        startPeriod: rollout.startPeriod.nginx,
      },
      stopTimeout: stop.nginx,
    },
    {
      ...container("nginx-conf", images.nginx, NGINX_USER, parts),
      essential: false,
      command: [
        "sh",
        "-c",
        [
          ...(parts.htpasswd === undefined ? [] : [passwordScript(`printf '%s\\n' "$HTPASSWD"`)]),
          installScript('printf %s "$NGINX_CONF"'),
        ].join("\n"),
      ],
      environment: [{ name: "NGINX_CONF", value: parts.nginxConf }],
      secrets: parts.htpasswd === undefined ? [] : [{ name: "HTPASSWD", valueFrom: parts.htpasswd }],
      mountPoints: [mount("conf"), mount("nginx-tmp"), mount("sockets", true)],
    },
    ...(publishCommand
      ? [
          {
            ...container("static", images.gunicorn, APP_USER, parts),
            essential: false,
            command: publishCommand,
            mountPoints: [mount("gunicorn-tmp"), mount("static")],
          },
        ]
      : []),
  ];
}

/** The application alone, for commands that run once: releases and `manage.py`. */
export function commandContainers(parts: TaskParts): ContainerDefinition[] {
  return [{ ...gunicorn(parts), command: ["true"], mountPoints: [mount("gunicorn-tmp")] }];
}

const gunicorn = (parts: TaskParts): ContainerDefinition => ({
  ...container("gunicorn", parts.images.gunicorn, APP_USER, parts),
  cpu: parts.size.gunicorn.cpu,
  memory: parts.size.gunicorn.memoryMiB,
  environment: sorted(parts.env).map(([name, value]) => ({ name, value })),
  secrets: sorted(parts.secrets).map(([name, valueFrom]) => ({ name, valueFrom })),
  stopTimeout: parts.timeouts.stop.gunicorn,
});

/** What every container has and is denied. */
const container = (name: string, image: string, user: string, { logs }: TaskParts): ContainerDefinition => ({
  name,
  image,
  essential: true,
  user,
  cpu: 0,
  command: [],
  environment: [],
  secrets: [],
  mountPoints: [],
  portMappings: [],
  volumesFrom: [],
  systemControls: [],
  readonlyRootFilesystem: true,
  linuxParameters: { capabilities: { drop: ["ALL"] } },
  logConfiguration: {
    logDriver: "awslogs",
    options: {
      "awslogs-group": logs.group,
      "awslogs-region": logs.region,
      "awslogs-stream-prefix": LOG_PREFIX,
      // A site goes on when its log cannot be written.
      "max-buffer-size": "25m",
      mode: "non-blocking",
    },
  },
});

const mount = (volume: Volume, readOnly = false) => ({
  sourceVolume: volume,
  containerPath: VOLUMES[volume],
  readOnly,
});

const sorted = (record: Readonly<Record<string, string>>) =>
  Object.entries(record).sort(([one], [other]) => (one < other ? -1 : 1));
