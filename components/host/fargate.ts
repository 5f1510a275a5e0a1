/**
 * Sizes of Fargate tasks: memory in MiB that goes with each number of vCPUs, as from, to and step.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html#fargate-tasks-size
 */
const MEMORY: Readonly<Record<number, readonly [from: number, to: number, step: number]>> = {
  0.5: [1024, 4096, 1024],
  1: [2048, 8192, 1024],
  2: [4096, 16_384, 1024],
  4: [8192, 30_720, 1024],
  8: [16_384, 61_440, 4096],
  16: [32_768, 122_880, 8192],
};

/** Memory sizes in MiB that Fargate offers with so many vCPUs; none for a number that it does not offer. */
export function fargateMemory(cpu: number): readonly number[] {
  if (cpu === 0.25) return [512, 1024, 2048]; // the one row that is no series
  const [from, to, step] = MEMORY[cpu] ?? [1, 0, 1];
  return Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, index) => from + index * step);
}

/** Longest time between the stop signal and SIGKILL, in seconds. */
export const FARGATE_MOST_STOP_SECONDS = 120;
