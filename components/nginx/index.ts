// The nginx model without Pulumi. The component stands in nginx-config.ts, which this file must never import.
export type { Address, Cidr, Network, Place, Text } from "./arguments.ts";
export { nginx } from "./build.ts";
export type { Context, Node, Value, Variable } from "./model.ts";
export { originalNodes } from "./original.ts";
export type { PathRule, PathRules } from "./path-rules.ts";
export { isAtLeast, NGINX_VERSION, render } from "./render.ts";
export { siteNodes, siteText, siteTimeouts } from "./site.ts";
export type { Site } from "./site.ts";
export { ownVariable, path, size, text, time, v } from "./values.ts";
export type { Path, Rate, Size, Time } from "./values.ts";
