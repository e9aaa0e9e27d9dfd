// No library keeps this without a server of its own: the same user gets the same variant.
import { createHash } from "node:crypto";
import { z } from "zod";

/** A variant, and how many of the buckets, counted from the first on, end with it. */
interface Share {
  variant: string;
  upTo: number;
}

/** The shares of a flag in the order in which they take the buckets, all of them together. */
export type Rollout = Share[];

// A hundredth of a percent is the smallest step.
const buckets = 10_000;
const percentage = /^(\d{1,3}(?:\.\d{1,2})?)%$/;
const share = /^([a-z][a-z0-9-]{0,31}):(\d{1,3}(?:\.\d{1,2})?)$/;

/**
 * Reads what a variable says about a flag: `off`, `on`, a percentage of the users such as `25%`, or
 * variants such as `control:50,treatment:50`. Anything else is `undefined`.
 */
export function parseRollout(text: string): Rollout | undefined {
  if (text === "off" || text === "on") return [{ variant: text, upTo: buckets }];
  const part = percentage.exec(text)?.[1];
  if (part !== undefined) return shareOut([`on:${part}`, `off:${(100 - Number(part)).toFixed(2)}`]);
  return shareOut(text.split(","));
}

function shareOut(shares: string[]): Rollout | undefined {
  let taken = 0;
  const rollout: Rollout = [];
  for (const text of shares) {
    const [, variant, percent] = share.exec(text) ?? [];
    if (variant === undefined || rollout.some((other) => other.variant === variant))
      return undefined;
    taken += Math.round(Number(percent) * 100);
    rollout.push({ variant, upTo: taken });
  }
  return taken === buckets ? rollout : undefined;
}

/** A variable that holds a rollout; off unless it says otherwise. */
export function rollout() {
  return z
    .string()
    .refine((text) => parseRollout(text) !== undefined, {
      error:
        "must be off, on, a percentage such as 25%, or variants that make 100 such as control:50,treatment:50",
    })
    .default("off");
}

/**
 * The bucket of a user, from 0 to 9999: the same on every instance and after every restart, and
 * another one for every flag, so that it is not always the same users who come first.
 */
export function bucketOf(flag: string, user: string): number {
  return createHash("sha256").update(`${flag}:${user}`).digest().readUInt32BE() % buckets;
}

/**
 * The variant of a bucket. Shares take the buckets in their order, so the first one and the last one
 * keep all their users while they grow.
 */
export function variantOf(shares: Rollout, bucket: number): string {
  return shares.find(({ upTo }) => bucket < upTo)?.variant ?? "off";
}
