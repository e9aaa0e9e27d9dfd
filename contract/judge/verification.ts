import type { Finding, RuleId } from '../../engine/core/audit/audit.ts';
import type { Waiver } from '../../engine/core/audit/waiver.ts';
import type { Evidence } from '../evidence.ts';
import type { Profile } from '../profile.ts';
import type { Result } from '../result.ts';
import type { Level, Rule } from '../rule.ts';

/** A rule with what was seen of it and what the service's team and organisation say about it. */
export interface RuleResult extends Pick<Rule, 'id' | 'factor' | 'why' | 'mend'> {
  /** What is promised in the profile, in one line. */
  readonly statement: string;
  /** As the service is judged: a preset's policy may have raised it. */
  readonly level: Level;
  /** Set: the contract says SHOULD, the policy of the organisation MUST. */
  readonly raised?: true;
  readonly outcome: Result['outcome'];
  /** Why it was skipped. */
  readonly reason?: string;
  /** Set when it was broken or close to a limit at first, and was looked at again on a quiet machine. */
  readonly again?: true;
  /** Set on a broken rule that is waived: by whom, why, and until which day. */
  readonly waived?: Pick<Waiver, 'reason' | 'owner' | 'expires'>;
  /** Set on a broken rule that was broken in the baseline too. It does not fail. */
  readonly known?: true;
  /** Without secrets, each text of a bounded length. */
  readonly evidence: readonly Evidence[];
  /** What could not be looked at, and why. */
  readonly leftOut?: readonly string[];
  readonly ms: number;
}

/** Why a verification can fail, besides broken rules and waivers. */
export const SHORTFALLS = {
  'verify/nothing': 'Nothing could be looked at, so nothing is proved',
  'verify/backing': 'A backing service that the service needs cannot be had on this machine',
  'verify/busy': 'The machine was too busy to measure times, so not everything could be looked at',
  'verify/port': 'It listens on no port, so nothing can be asked of it',
  'verify/health': 'No route says whether the service is well',
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
  readonly schema: 2;
  /** Decides the exit code; see {@link exitCode}. */
  readonly ok: boolean;
  /** `YYYY-MM-DD`, UTC: the day on which waivers were judged. */
  readonly date: string;
  /** The version of this program. */
  readonly version: string;
  readonly target: { readonly name: string; readonly kind: string };
  /** What the service was held against. */
  readonly profile: Profile;
  /** How many rules the profile has. */
  readonly rules: number;
  /** Why it was held against this profile. */
  readonly profileReason?: string;
  /** The day of the report that this one is compared with: what was broken then is known, and does not fail. */
  readonly baseline?: string;
  /** The whole verification, in milliseconds. */
  readonly ms: number;
  /** In the order of the contract. */
  readonly results: readonly RuleResult[];
  /** What is wrong with the waivers and with the verification as a whole. Each one fails the verification. */
  readonly findings: readonly VerificationFinding[];
  /** Information that nobody has to act on, such as a waiver that is no longer needed. */
  readonly notes: readonly string[];
}
