import {
  type EvaluationContext,
  type EvaluationDetails,
  FlagNotFoundError,
  type FlagValue,
  type Hook,
  type HookContext,
  type Provider,
  type ResolutionDetails,
  StandardResolutionReasons,
  TargetingKeyMissingError,
  TypeMismatchError,
} from "@openfeature/server-sdk";
import type { FastifyRequest } from "fastify";
import { Counter, type Registry } from "prom-client";
import { currentRequest } from "./current-request.ts";
import { bucketOf, type Rollout, variantOf } from "./rollout.ts";

/** Variants that stand for things as they were; any other one is the new way. */
const old = new Set(["off", "control"]);

/** An OpenFeature provider of flags whose rollouts do not change while the process lives. */
export class RolloutProvider implements Provider {
  readonly metadata = { name: "environment" };
  readonly runsOn = "server";
  readonly #rollouts: Map<string, Rollout>;

  constructor(rollouts: Map<string, Rollout>) {
    this.#rollouts = rollouts;
  }

  /** Whether the user gets the new way. */
  async resolveBooleanEvaluation(
    flag: string,
    _default: boolean,
    context: EvaluationContext,
  ): Promise<ResolutionDetails<boolean>> {
    const details = this.#resolve(flag, context);
    return { ...details, value: !old.has(details.variant) };
  }

  /** The variant that the user gets. */
  async resolveStringEvaluation(
    flag: string,
    _default: string,
    context: EvaluationContext,
  ): Promise<ResolutionDetails<string>> {
    const details = this.#resolve(flag, context);
    return { ...details, value: details.variant };
  }

  async resolveNumberEvaluation(): Promise<ResolutionDetails<number>> {
    throw new TypeMismatchError("a flag is a boolean, or a string for its variant");
  }

  async resolveObjectEvaluation(): Promise<never> {
    throw new TypeMismatchError("a flag is a boolean, or a string for its variant");
  }

  #resolve(flag: string, { targetingKey }: EvaluationContext) {
    const rollout = this.#rollouts.get(flag);
    if (rollout === undefined) throw new FlagNotFoundError(`there is no flag ${flag}`);
    const [only, ...others] = rollout;
    if (only !== undefined && others.length === 0) {
      return { variant: only.variant, reason: StandardResolutionReasons.STATIC };
    }
    if (!targetingKey) throw new TargetingKeyMissingError("a share of the users needs a user");
    return {
      variant: variantOf(rollout, bucketOf(flag, targetingKey)),
      reason: StandardResolutionReasons.SPLIT,
    };
  }
}

/** Counts every evaluation, and adds its variant to the log lines of the current request. */
export function observe(registry: Registry): Hook {
  const evaluations = new Counter({
    name: "feature_flag_evaluations_total",
    help: "Evaluations of feature flags; the variant is error where the default was taken.",
    labelNames: ["flag", "variant"],
    registers: [registry],
  });
  const logged = new WeakMap<FastifyRequest, Set<string>>();

  return {
    finally({ flagKey: flag }: HookContext, details: EvaluationDetails<FlagValue>) {
      const variant = details.errorCode ? "error" : (details.variant ?? "error");
      evaluations.inc({ flag, variant });
      const request = currentRequest();
      if (request === undefined) return;
      const flags = logged.get(request) ?? new Set();
      // A line has a field once, though a flag may be asked for many users.
      if (flags.has(flag)) return;
      logged.set(request, flags.add(flag));
      request.log = request.log.child({ [`feature_flag.${flag}`]: variant });
    },
  };
}
