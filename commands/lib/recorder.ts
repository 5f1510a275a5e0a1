import * as pulumi from "@pulumi/pulumi";
import { ANSWERS, stateOf } from "./placeholders.ts";

/** A resource of the program as it was registered. */
export interface Planned {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly parent?: string;
  /** Its inputs, secrets masked. */
  readonly inputs: unknown;
  /** URNs of what it waits for, by reference or `dependsOn`. */
  readonly dependencies: readonly string[];
}

/** The program evaluated without engine, cloud or Docker. */
export interface Evaluation {
  readonly resources: readonly Planned[];
  readonly outputs: unknown;
}

/** The key and the value by which the SDK marks a secret in what it sends (sdk/nodejs/runtime/rpc.ts, specialSigKey). */
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";

/**
 * Runs a program under Pulumi's mocks and records each registration. One program a process: the SDK keeps global state.
 * @param program registers resources and returns the stack's outputs
 */
export async function evaluate(
  project: string,
  stack: string,
  program: () => Promise<Record<string, unknown>>,
): Promise<Evaluation> {
  const newResource = ({ type, name, inputs }: pulumi.runtime.MockResourceArgs) => {
    return { id: `${name}-id`, state: stateOf(type, name, inputs as Record<string, unknown>) };
  };
  await pulumi.runtime.setMocks({ newResource, call: ({ token }) => answer(token) }, project, stack, false);
  const resources = recordRegistrations();
  const stackOutputs = await program();
  const all = pulumi.output(stackOutputs);
  const secret = await pulumi.isSecret(all);
  const outputs = await new Promise((resolve) => all.apply(resolve));
  await new Promise((resolve) => process.once("beforeExit", resolve)); // every registration has been answered
  return { resources, outputs: secret ? "[secret]" : outputs };
}

function answer(token: string): Record<string, unknown> {
  const known = ANSWERS[token];
  if (!known) throw new Error(`commands/lib/placeholders.ts has no answer for ${token}`);
  return { ...known };
}

interface Registration {
  getType(): string;
  getName(): string;
  getParent(): string;
  getObject(): { toJavaScript(): Record<string, unknown> } | undefined;
  getDependenciesList(): string[];
}

interface Monitor {
  registerResource(request: Registration, done: (error: unknown, answer?: { getUrn(): string }) => void): Promise<void>;
  registerResourceHook?: (request: unknown, done: (error: null) => void) => void;
}

/** The mocks know no hooks, and do not tell a resource's parent and dependencies; the requests they answer do. */
function recordRegistrations(): Planned[] {
  const monitor = pulumi.runtime.getMonitor() as unknown as Monitor;
  const planned: Planned[] = [];
  monitor.registerResourceHook = (_, done) => {
    done(null); // accepted, and never called: nothing acts in an evaluation
  };
  const register = monitor.registerResource.bind(monitor);
  monitor.registerResource = (request, done) =>
    register(request, (error, answer) => {
      const parent = request.getParent();
      if (answer) {
        planned.push({
          urn: answer.getUrn(),
          type: request.getType(),
          name: request.getName(),
          ...(parent && { parent }),
          inputs: mask(request.getObject()?.toJavaScript() ?? {}),
          dependencies: request.getDependenciesList().sort(),
        });
      }
      done(error, answer);
    });
  return planned;
}

/** The value with every secret in it replaced. */
function mask(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(mask);
  if (typeof value !== "object" || value === null) return value;
  if ((value as Record<string, unknown>)[SIGNATURE] === SECRET) return "[secret]";
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, mask(entry)]));
}
