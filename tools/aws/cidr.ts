/** First and last address of an IPv4 network, or undefined when it is none or does not begin at its first address. */
export function rangeOf(cidr: string): readonly [first: number, last: number] | undefined {
  const [, address = "", prefix = ""] = /^(\d{1,3}(?:\.\d{1,3}){3})\/(\d{1,2})$/.exec(cidr) ?? [];
  const bytes = address.split(".").map(Number);
  if (address === "" || Number(prefix) > 32 || bytes.some((byte) => byte > 255)) return undefined;
  const first = bytes.reduce((sum, byte) => sum * 256 + byte, 0);
  const size = 2 ** (32 - Number(prefix));
  return first % size === 0 ? [first, first + size - 1] : undefined;
}

export const prefixOf = (cidr: string): number => Number(cidr.split("/")[1]);

export function overlap(one: string, other: string): boolean {
  const [a, b] = [rangeOf(one), rangeOf(other)];
  return a !== undefined && b !== undefined && a[0] <= b[1] && b[0] <= a[1];
}

export function inside(inner: string, outer: string): boolean {
  const [a, b] = [rangeOf(inner), rangeOf(outer)];
  return a !== undefined && b !== undefined && a[0] >= b[0] && a[1] <= b[1];
}
