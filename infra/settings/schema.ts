import { z } from "zod";
import { dockerSettings, type DockerSettings } from "./docker.ts";
import { ecsSettings, type EcsSettings } from "./ecs.ts";

/** What each host that is built takes, with the one edge that stands before it. */
export const HOSTS = { docker: dockerSettings, ecs: ecsSettings } as const;

/** The edge of a host whose settings name none. */
export const EDGES = { docker: "nginx", ecs: "alb" } as const satisfies Record<keyof typeof HOSTS, string>;

/** One member for each pair of host and edge that is built. */
export const settingsSchema = z.discriminatedUnion("host", [dockerSettings, ecsSettings]);

export type Settings = DockerSettings | EcsSettings;
