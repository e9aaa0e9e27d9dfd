import type { Finding, RuleId } from '../engine/core/audit/audit.ts';
import type { Waiver } from '../engine/core/audit/waiver.ts';
import type { Evidence } from './evidence.ts';
import type { Level, Rule } from './rule.ts';
import type { Result } from './verify.ts';

/** A rule with what was seen of it and what the service's team and organisation say about it. */
export interface RuleResult extends Pick<Rule, 'id' | 'factor' | 'statement' | 'why' | 'mend'> {
  /** As the service is judged: a preset's policy may have raised it. */
  readonly level: Level;
  /** Set: the contract says SHOULD, the policy of the organisation MUST. */
  readonly raised?: true;
  readonly outcome: Result['outcome'];
  /** Why it was skipped. */
  readonly reason?: string;
  /** Set when it broke at first, and was looked at again on a quiet machine. */
  readonly again?: true;
  /** Set on a broken rule that is waived: by whom, why, and until which day. */
  readonly waived?: Pick<Waiver, 'reason' | 'owner' | 'expires'>;
  /** Without secrets, each text of a bounded length. */
  readonly evidence: readonly Evidence[];
  /** What could not be looked at, and why. The rule is judged by the rest. */
  readonly leftOut?: readonly string[];
  readonly ms: number;
}

/** Why a verification can fail, besides broken rules and waivers. */
export const SHORTFALLS = {
  'verify/nothing': 'Nothing could be looked at, so nothing is proved',
  'verify/backing': 'A backing service that the service needs cannot be had on this machine',
  'verify/timeout': 'The verification was ended before it had looked at everything',
} as const;

/** A reason, other than a broken rule, for which a verification fails. Somebody has to act on it. */
export interface VerificationFinding extends Omit<Finding, 'rule'> {
  readonly rule: RuleId | keyof typeof SHORTFALLS;
}

/**
 * All that the reports print, and the document of `--format json`. Within a schema a field may be added, none changed.
 */
export interface Verification {
  readonly schema: 1;
  /** Decides the exit code; see {@link exitCode}. */
  readonly ok: boolean;
  /** `YYYY-MM-DD`, UTC: the day on which waivers were judged. */
  readonly date: string;
  /** The version of this program. */
  readonly version: string;
  readonly target: { readonly name: string; readonly kind: string };
  /** The whole verification, in milliseconds. */
  readonly ms: number;
  /** In the order of the contract. */
  readonly results: readonly RuleResult[];
  /** What is wrong with the waivers and with the verification as a whole. Each one fails the verification. */
  readonly findings: readonly VerificationFinding[];
  /** Information that nobody has to act on, such as a waiver that is no longer needed. */
  readonly notes: readonly string[];
}
