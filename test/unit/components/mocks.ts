import * as pulumi from "@pulumi/pulumi";

/** A resource as a component registered it. */
export interface Registered {
  /** Token of its type, as `aws:ec2/vpc:Vpc`. */
  readonly type: string;
  readonly name: string;
  /** Inputs that are set; a secret is `{ secret: <value> }`. */
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly protect: boolean;
  /** Names of the resources that it waits for, by reference or `dependsOn`. */
  readonly waitsFor: readonly string[];
}

/** What AWS is made to answer, beside the inputs and `<name>-arn`. */
export interface Answers {
  /** Outputs of the resources of a type. */
  readonly outputs?: Readonly<Record<string, object>>;
  /** Answers of the data functions. */
  readonly calls?: Readonly<Record<string, object>>;
}

/** What a program made, and what it gave back. */
export interface Made<T> {
  readonly result: T;
  readonly resources: readonly Registered[];
  /** Arguments of each data function that was asked. */
  readonly asked: readonly (readonly [token: string, inputs: object])[];
}

/** Runs a program of components, one after the other in a process, without an engine. */
export async function made<T>(program: () => T, { outputs = {}, calls = {} }: Answers = {}): Promise<Made<T>> {
  const asked: [string, object][] = [];
  const newResource = ({ type, name, inputs }: pulumi.runtime.MockResourceArgs) => {
    const state = { arn: `${name}-arn`, name: `${name}-name`, ...(inputs as object), ...outputs[type] };
    return { id: `${name}-id`, state };
  };
  const call = ({ token, inputs }: pulumi.runtime.MockCallArgs) => {
    asked.push([token, inputs as object]);
    const answer = calls[token];
    if (!answer) throw new Error(`this test has no answer for ${token}`);
    return { ...answer };
  };
  await pulumi.runtime.setMocks({ newResource, call }, "shop", "test", false);
  const resources = recordRegistrations();
  const result = program();
  await pulumi.runtime.disconnect(); // when every registration has been answered
  return { result, resources, asked };
}

/** The value of an output. */
export const valueOf = <T>(output: pulumi.Output<T>): Promise<T> =>
  new Promise((resolve) => {
    output.apply(resolve);
  });

/** The resources of one type by name, and in its order: that of the registrations is up to chance. */
export const ofType = ({ resources }: Made<unknown>, type: RegExp): Readonly<Record<string, Registered>> =>
  Object.fromEntries(
    resources
      .filter((resource) => type.test(resource.type))
      .map((resource): [string, Registered] => [resource.name, resource])
      .sort(([one], [other]) => (one < other ? -1 : 1)),
  );

interface Registration {
  getType(): string;
  getName(): string;
  getProtect(): boolean;
  getObject(): { toJavaScript(): Record<string, unknown> } | undefined;
  getDependenciesList(): string[];
}

interface Monitor {
  registerResource(request: Registration, done: (error: unknown, answer?: unknown) => void): Promise<void>;
  registerResourceHook?: (request: unknown, done: (error: null) => void) => void;
  close?: () => void;
}

/** The mocks know no hooks, and do not tell `protect` and dependencies; the requests that they answer do. */
function recordRegistrations(): Registered[] {
  const monitor = pulumi.runtime.getMonitor() as unknown as Monitor;
  const registered: Registered[] = [];
  monitor.close = () => undefined;
  monitor.registerResourceHook = (_, done) => {
    done(null); // accepted, and never called: nothing acts here
  };
  const register = monitor.registerResource.bind(monitor);
  monitor.registerResource = (request, done) => {
    registered.push({
      type: request.getType(),
      name: request.getName(),
      inputs: readable(request.getObject()?.toJavaScript() ?? {}) as Record<string, unknown>,
      protect: request.getProtect(),
      waitsFor: request
        .getDependenciesList()
        .map((urn) => urn.split("::").at(-1) ?? "")
        .sort(),
    });
    return register(request, done);
  };
  return registered;
}

function readable(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(readable);
  if (typeof value !== "object" || value === null) return value;
  if (pulumi.runtime.isRpcSecret(value)) return { secret: readable(pulumi.runtime.unwrapRpcSecret(value)) };
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, readable(entry)]));
}
