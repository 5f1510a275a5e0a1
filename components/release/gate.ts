import * as pulumi from "@pulumi/pulumi";

/** The plain values that decide whether an act runs again. */
export type GateValues = Readonly<Record<string, pulumi.Input<string> | readonly pulumi.Input<string>[]>>;

/** The same values once the engine knows them. */
export type ResolvedGateValues<T extends GateValues> = {
  readonly [K in keyof T]: T[K] extends readonly pulumi.Input<string>[] ? readonly string[] : string;
};

/** What an act gets. */
export interface ActContext<T extends GateValues, U extends Readonly<Record<string, unknown>>> {
  readonly values: ResolvedGateValues<T>;
  readonly using: pulumi.Unwrap<U>;
  /** Tells the user what the act is doing. */
  readonly say: (message: string) => void;
}

export interface GateArgs<T extends GateValues, U extends Readonly<Record<string, unknown>>> {
  /** The act runs exactly when one of these values differs from the last one it succeeded for. No secrets. */
  readonly for: T;
  /** What the act needs besides, without deciding whether it runs; secrets may stand here. */
  readonly using: U;
  /**
   * What has to be true before dependents go on: idempotent, bounded in time, adopting what a killed run left going.
   * A throw fails the deployment, and the next one acts again.
   */
  readonly act: (context: ActContext<T, U>) => Promise<void>;
}

/**
 * An act inside a deployment (migrate, publish static files, install nginx.conf, wait until healthy) as a resource.
 *
 * The value under `for` is kept in the state by `pulumi.Stash`; the hooks before its creation and update do the act. So
 * nothing runs in a preview or in an `up` without change, and after a failed act the state keeps the old value: the next
 * `up` acts again. Only the last value is kept: going from A to B and back to A acts twice (docs/decisions/0003-gates.md).
 */
export class Gate<T extends GateValues, U extends Readonly<Record<string, unknown>> = Record<string, never>>
  extends pulumi.ComponentResource
{
  constructor(name: string, args: GateArgs<T, U>, opts?: pulumi.ComponentResourceOptions) {
    super("wsgi-on-aws:index:Gate", name, {}, opts);

    const act = async (hook: pulumi.ResourceHookArgs): Promise<void> => {
      const { input } = hook.newInputs as { input: unknown };
      if (pulumi.Output.isInstance(input)) {
        throw new Error(
          `gate ${name}: a secret stands under "for", which the state keeps and shows. Write it under "using".`,
        );
      }
      await args.act({
        values: input as ResolvedGateValues<T>,
        using: await new Promise<pulumi.Unwrap<U>>((resolve) => pulumi.output(args.using).apply(resolve)),
        // Of the component, whose URN is known: a message of the Stash would wait until the act is over.
        say: (message) => void pulumi.log.info(message, this),
      });
    };
    const hook = new pulumi.ResourceHook(`${name}-act`, act);
    const stash = new pulumi.Stash(
      name,
      { input: args.for },
      { parent: this, hooks: { beforeCreate: [hook], beforeUpdate: [hook] } },
    );
    this.registerOutputs({ passed: stash.input });
  }
}
