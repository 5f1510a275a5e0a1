/** What usually lies behind the words with which ECS stops a task. */
const HINTS: readonly (readonly [RegExp, string])[] = [
  [
    /(retrieve|fetch(ing)?) secret/i,
    "A secret cannot be read: check its ARN under secrets, and that the key of a JSON secret exists.",
  ],
  [
    /CannotPullContainer|pull image manifest|ecr registry auth/i,
    "The image cannot be pulled: the task needs a way to the internet (egress), and the image has to be in the repository still.",
  ],
  [
    /ResourceInitializationError/i,
    "The task could not be prepared: usually it has no way to AWS's own services (egress).",
  ],
  [/OutOfMemory/i, "The container needs more memory than it has: write a larger memory, or fewer workers."],
  [
    /failed ELB health checks|Health checks failed/i,
    "nginx did not answer the load balancer, or the container's own health check failed.",
  ],
  [
    /dependency/i,
    "A container that had to come first did not succeed: nginx-conf refuses a wrong nginx.conf, static publishes files.",
  ],
  [/exec format error/i, "The image is for another processor: check architecture."],
];

export function hintFor(reasons: string): string | undefined {
  return HINTS.find(([pattern]) => pattern.test(reasons))?.[1];
}
