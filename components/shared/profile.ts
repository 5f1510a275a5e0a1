/** `dev` costs as little as it can and leaves nothing behind; `prod` protects data and stands in two zones. */
export type Profile = "dev" | "prod";
