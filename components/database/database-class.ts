/**
 * Memory of the `large` size of each family of RDS instance classes in GiB; an `xlarge` has twice as much, an `8xlarge`
 * eight times that: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.DBInstanceClass.Summary.html
 */
const LARGE_GIB: Readonly<Record<string, number>> = { t: 8, m: 8, c: 4, r: 16, x: 32 };
/** Sizes below that of the burstable classes. */
const SMALL_GIB: ReadonlyMap<string, number> = new Map([
  ["micro", 1],
  ["small", 2],
  ["medium", 4],
]);

/** PostgreSQL's limit on RDS: LEAST(DBInstanceClassMemory / 9531392, 5000). */
const BYTES_FOR_EACH = 9_531_392;
const MOST = 5000;
/** DBInstanceClassMemory is what RDS itself leaves of the memory: less than all, by an amount that AWS does not publish. */
const LEFT = 0.7;

/** PostgreSQL's own default of `max_connections`, which the local container has. */
export const POSTGRES_CONNECTIONS = 100;

/**
 * Connections that PostgreSQL on RDS accepts for certain, by the default of its parameter `max_connections`
 * (https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Limits.html#RDS_Limits.MaxConnections).
 * @param instanceClass as `db.t4g.micro`
 * @returns undefined for a class whose memory is not known here
 */
export function maxConnections(instanceClass: string): number | undefined {
  const gib = memoryGib(instanceClass);
  return gib === undefined ? undefined : Math.min(MOST, Math.floor((gib * 1024 ** 3 * LEFT) / BYTES_FOR_EACH));
}

function memoryGib(instanceClass: string): number | undefined {
  const [, family = "", size = ""] = /^db\.([a-z])[a-z0-9]*\.([a-z0-9]+)$/.exec(instanceClass) ?? [];
  const [, times] = /^(\d*)xlarge$/.exec(size) ?? [];
  const large = LARGE_GIB[family];
  if (times !== undefined) return large && large * 2 * Number(times || 1);
  if (size === "large") return large;
  return family === "t" ? SMALL_GIB.get(size) : undefined;
}
