import type { Network } from "../arguments.ts";
import { nginx } from "../build.ts";
import type { Node } from "../model.ts";
import type { Path } from "../values.ts";

/** Users and hashed passwords, as `htpasswd` writes them; the host puts the file there. */
export const PASSWORD_FILE: Path = "/etc/nginx-conf/htpasswd";

/** Who may come to a path. */
export interface Access {
  /** Only these; `["all"]` for everybody. */
  readonly allow?: readonly (Network | "all")[];
  /** None of these, even if `allow` has them. */
  readonly deny?: readonly Network[];
  /** Only with a user and password of {@link PASSWORD_FILE}. */
  readonly auth?: boolean;
}

/**
 * The first rule that fits a client decides, so what is denied comes first, and a list of who may come ends with everybody
 * else. The client's address is the one behind the load balancer, never one that a header claims (docs/nginx.md, Presets).
 */
export const access = ({ allow, deny, auth }: Access): Node<"location">[] => [
  ...(deny ?? []).map((network) => nginx.deny(network)),
  ...(allow ?? []).map((network) => nginx.allow(network)),
  ...(allow && !allow.includes("all") ? [nginx.deny("all")] : []),
  ...(auth ? [nginx.auth_basic("Restricted"), nginx.auth_basic_user_file(PASSWORD_FILE)] : []),
];

/** The password is nginx's alone: an application that knows Basic authentication would try it on its own users. */
export const passwordKept = (): Node<"location">[] => [nginx.proxy_set_header("Authorization", "")];
