import { type Evidence, isOfTime } from './evidence.ts';
import type { Rule } from './rule.ts';

/** What is kept by less than this part of a limit may be broken the next time. */
const NEAR = 0.1;

/** How a rule ended, and what was seen of it. */
export interface Result {
  readonly rule: Rule;
  /** `partly`: kept as far as it was seen, and `leftOut` says what was not. It does not fail. */
  readonly outcome: 'kept' | 'partly' | 'broken' | 'skipped';
  /** Why it was skipped. */
  readonly reason?: string;
  /** Set when the rule was broken or close to a limit at first. The report has the second look, when nothing else ran. */
  readonly again?: true;
  readonly evidence: readonly Evidence[];
  /** What could not be looked at, and why. */
  readonly leftOut?: readonly string[];
  /** How many processes of the service were started for it. */
  readonly starts?: number;
  /** Set when it was looked at with an instance that another check had used before. */
  readonly handedOn?: true;
  readonly ms: number;
}

/**
 * Whether chance may have decided: a busy machine may be why a rule broke, or a quiet one why it was kept by little. So may
 * what another check has done to an instance.
 */
export function needsSecondLook({
  outcome,
  evidence,
  handedOn,
}: Pick<Result, 'outcome' | 'evidence' | 'handedOn'>): boolean {
  if (outcome === 'broken' && handedOn) return true;
  if (outcome !== 'broken') return evidence.some(({ margin }) => margin !== undefined && margin < NEAR);
  return outcome === 'broken' && !evidence.some(({ ok, steady }) => !ok && steady);
}

/** Whether times alone broke it. */
export const isBrokenByTime = ({ outcome, evidence }: Pick<Result, 'outcome' | 'evidence'>): boolean =>
  outcome === 'broken' && evidence.every((one) => one.ok || isOfTime(one));

/** A rule that was broken while the machine was too busy: times say nothing then. @param late by how many milliseconds a timer was late */
export function withoutVerdict({ evidence, leftOut: _, ...result }: Result, late: number): Result {
  const { sent, got } = evidence.find(({ ok }) => !ok) ?? { sent: 'it', got: '' };
  const reason = `this machine was too busy to measure times: a timer was ${late} ms late. What was seen: ${sent}: ${got}`;
  return { ...result, outcome: 'skipped', reason, evidence: [] };
}
