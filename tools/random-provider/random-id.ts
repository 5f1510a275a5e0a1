import { randomBytes } from "node:crypto";
import type { RandomType } from "./random-type.ts";

/** Random bytes in the four notations of `random.RandomId`. */
export const randomId: RandomType = {
  defaults: {},
  check: ({ byteLength }) =>
    typeof byteLength === "number" && byteLength >= 1 ? [] : [{ property: "byteLength", reason: "must be 1 or more" }],
  create: ({ byteLength, prefix }) => {
    const bytes = randomBytes(Number(byteLength));
    const before = typeof prefix === "string" ? prefix : "";
    const id = bytes.toString("base64url");
    return {
      id,
      outputs: {
        b64Std: before + bytes.toString("base64"),
        b64Url: before + id,
        dec: before + BigInt(`0x${bytes.toString("hex")}`).toString(),
        hex: before + bytes.toString("hex"),
      },
    };
  },
};
