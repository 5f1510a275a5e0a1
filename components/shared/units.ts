const MEBIBYTES = { k: 1 / 1024, m: 1, g: 1024 } as const;
const SECONDS = { s: 1, m: 60, h: 3600, d: 86400 } as const;

/** Mebibytes in a size such as `"512m"` or `"1g"`. */
export function mebibytes(size: string): number {
  return Number(size.slice(0, -1)) * MEBIBYTES[size.slice(-1) as keyof typeof MEBIBYTES];
}

/** Seconds in a time such as `"30s"` or `"5m"`. */
export function seconds(time: string): number {
  return Number(time.slice(0, -1)) * SECONDS[time.slice(-1) as keyof typeof SECONDS];
}
