/** One resource type: plain values in, plain values out. */
export interface RandomType {
  readonly defaults: Readonly<Record<string, unknown>>;
  readonly check: (inputs: Readonly<Record<string, unknown>>) => { property: string; reason: string }[];
  readonly create: (inputs: Readonly<Record<string, unknown>>) => { id: string; outputs: Record<string, unknown> };
}
