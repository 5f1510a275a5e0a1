/** What nginx gets of a task; the rest is Gunicorn's. It needs little of either: files go from disk to socket. */
const NGINX_MEMORY_MIB = 128;
const NGINX_CPU_SHARE = 1 / 8;
/** ECS counts 1024 units for a vCPU. */
const UNITS = 1024;

/** How a task is divided between its two containers. */
export interface TaskSize {
  /** CPU units of the task, as Fargate takes them. */
  readonly cpu: number;
  readonly memoryMiB: number;
  readonly nginx: { readonly cpu: number; readonly memoryMiB: number };
  readonly gunicorn: { readonly cpu: number; readonly memoryMiB: number };
}

/** @param cpu vCPUs of the task */
export function taskSize(cpu: number, memoryMiB: number): TaskSize {
  const units = cpu * UNITS;
  const nginx = { cpu: units * NGINX_CPU_SHARE, memoryMiB: NGINX_MEMORY_MIB };
  return {
    cpu: units,
    memoryMiB,
    nginx,
    gunicorn: { cpu: units - nginx.cpu, memoryMiB: memoryMiB - nginx.memoryMiB },
  };
}
