const EVERY = 1_000; // milliseconds

/** Ends this process soon after the engine that started it, also when that was killed; a plugin must not outlive it. */
export function endWithParent(before: () => void = () => undefined): void {
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid === parent) return;
    before();
    process.exit(1);
  }, EVERY).unref();
}
