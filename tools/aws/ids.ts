import { randomBytes, randomUUID } from "node:crypto";
import type { Place } from "./record.ts";

/** Hexadecimal digits. */
export const hex = (digits: number): string =>
  randomBytes(Math.ceil(digits / 2))
    .toString("hex")
    .slice(0, digits);

/** An id of EC2, as `vpc-0a1b2c3d4e5f60718`. */
export const ec2Id = (prefix: string) => (): string => `${prefix}-0${hex(16)}`;

export const uuid = (): string => randomUUID();

/** Letters and digits, as ids of RDS and secrets have. */
export function alphanumeric(count: number, alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"): string {
  return [...randomBytes(count)].map((byte) => alphabet[byte % alphabet.length] ?? "").join("");
}

export const arn = ({ region, account }: Place, service: string, resource: string): string =>
  `arn:aws:${service}:${region}:${account}:${resource}`;

/** ARNs of services without regions. */
export const globalArn = ({ account }: Place, service: string, resource: string): string =>
  `arn:aws:${service}::${account}:${resource}`;
