import { findWaiver, isExpired, WAIVERS_PATH, type Waiver, type Waivers } from '../../engine/core/audit/waiver.ts';
import { waiverFindings } from '../../engine/core/audit/waiver-findings.ts';
import { EXIT_NEEDS_PERSON } from '../../engine/core/errors.ts';
import { count } from '../../engine/core/text/count.ts';
import { LEFT_OUT } from '../evidence.ts';
import { hasPart, type Profile, statementOf } from '../profile.ts';
import type { Result } from '../result.ts';
import { levelOf } from '../rule.ts';
import { rules as allRules } from '../rules/index.ts';
import type { Report } from '../verify.ts';
import { type Baseline, changesSince, isKnown } from './baseline.ts';
import { secretHider } from './hide-secrets.ts';
import type { RuleResult, Verification, VerificationFinding } from './verification.ts';

/** What a report is judged by. */
export interface Expectations {
  readonly waivers: Waivers;
  /** Rules of the contract that the organisation's policy calls MUST. */
  readonly must: readonly string[];
  /** What the caller wants to be read, such as that a policy could not be fetched. */
  readonly notes?: readonly string[];
  /** Today in UTC, `YYYY-MM-DD`. */
  readonly date: string;
  /** The version of this program. */
  readonly version: string;
  /** An earlier report of the same profile: what was broken in it does not fail again. */
  readonly baseline?: Baseline;
  /** Ids of all rules that exist, also if only some were looked at. */
  readonly known?: readonly string[];
}

/**
 * What a report means: raises the rules that the policy calls MUST, applies waivers, takes secrets out of all that was
 * seen. Pure. The result is `ok` if the verification came to its end, no MUST rule is broken without a waiver, at least one was
 * looked at (or a SHOULD rule, if only those were asked for), and no waiver has expired or cannot be read.
 */
export function judge(report: Report, expectations: Expectations): Verification {
  const {
    waivers,
    must,
    date,
    version,
    notes: given = [],
    baseline,
    known = allRules.map(({ id }) => id),
  } = expectations;
  const profile = report.target.profile ?? 'house';
  const hide = secretHider(report.target.env, report.variables, report.target.headers);
  // Waivers of `drift` and of a policy are the business of the audit.
  const ours = waivers.waivers.filter(({ rule }) => rule !== 'drift' && !rule.startsWith('policy/'));
  const results = report.results.map((result) =>
    judgeRule(result, { waivers: ours, must, date, hide, profile, baseline }),
  );
  const findings = [
    ...waiverFindings({ waivers: ours, problems: waivers.problems }, [], date),
    ...ours.filter(({ rule }) => !known.includes(rule)).map(unknownRule),
    ...(report.portless === undefined ? nothingSeen(results) : []),
    ...portless(report),
    ...healthless(report, profile),
    ...(report.lacks === undefined ? [] : [{ rule: 'verify/backing', message: report.lacks } as const]),
    ...(report.busy === undefined ? [] : [{ rule: 'verify/busy', message: report.busy } as const]),
    ...(report.cut === undefined ? [] : [{ rule: 'verify/timeout', message: report.cut } as const]),
  ].map((finding) => ({ ...finding, message: hide(finding.message) }));
  const { health } = report;
  const notes = [
    ...given,
    ...(report.target.fast ? fastNote(report.results) : []),
    ...(health === undefined ? [] : [health.text]),
    ...(baseline === undefined ? [] : changesSince(baseline, results)),
    ...ours.flatMap((waiver) => describeIdle(waiver, results, date)),
    ...must
      .filter((id) => !known.includes(id))
      .map((id) => `the policy calls ${id} a MUST; this version has no such rule`),
  ].map(hide);
  return {
    schema: 2,
    ok: !results.some(isFailure) && findings.length === 0,
    date,
    version,
    target: { name: hide(report.target.name), kind: report.target.kind },
    profile,
    rules: allRules.filter(({ promises }) => statementOf(promises, profile) !== '').length,
    ...(report.target.profileReason === undefined ? {} : { profileReason: report.target.profileReason }),
    ...(baseline === undefined ? {} : { baseline: baseline.date }),
    ms: Math.round(report.ms),
    results,
    findings,
    notes,
  };
}

/** 0, or 4 when a MUST rule is broken, a waiver has expired or cannot be read, or nothing (or not everything) could be looked at. */
export function exitCode({ ok }: Pick<Verification, 'ok'>): number {
  return ok ? 0 : EXIT_NEEDS_PERSON;
}

/** Whether a result fails the verification: a MUST rule is broken, no waiver holds, and the baseline does not know it. */
function isFailure({ level, outcome, waived, known }: RuleResult): boolean {
  return level === 'MUST' && outcome === 'broken' && waived === undefined && known === undefined;
}

interface Judges extends Pick<Expectations, 'must' | 'date'> {
  readonly waivers: readonly Waiver[];
  readonly hide: (text: string) => string;
  readonly profile: Profile;
  readonly baseline: Baseline | undefined;
}

function judgeRule(
  { rule, outcome, reason, again, evidence, leftOut, ms }: Result,
  { waivers, must, date, hide, profile, baseline }: Judges,
): RuleResult {
  const { id, factor, promises, why, mend } = rule;
  const own = levelOf(rule, profile);
  const raised = own === 'SHOULD' && must.includes(id);
  const waiver = outcome === 'broken' ? findWaiver(waivers, { rule: id }, date) : undefined;
  return {
    id,
    level: raised ? 'MUST' : own,
    ...(raised ? { raised } : {}),
    factor,
    statement: statementOf(promises, profile),
    why,
    mend,
    outcome,
    ...(reason === undefined ? {} : { reason: hide(reason) }),
    ...(again ? { again } : {}),
    ...(waiver ? { waived: { reason: hide(waiver.reason), owner: hide(waiver.owner), expires: waiver.expires } } : {}),
    ...(!waiver && outcome === 'broken' && baseline && isKnown(id, baseline) ? { known: true } : {}),
    evidence: evidence.map(({ sent, expected, got, ok, ms }) => ({
      sent: hide(sent),
      expected: hide(expected),
      got: hide(got),
      ok,
      ms: Math.round(ms),
    })),
    ...(leftOut ? { leftOut: leftOut.map(hide) } : {}),
    ms: Math.round(ms),
  };
}

/** What a verification with `--fast` has not seen, if there is something. */
function fastNote(results: Report['results']): string[] {
  const isOut = (text: string) => text.includes(LEFT_OUT);
  const rules = results.filter(({ reason }) => reason !== undefined && isOut(reason)).length;
  const parts = results.filter(({ leftOut = [] }) => leftOut.some(isOut)).length;
  const left = [
    ...(rules === 0 ? [] : [`${count(rules, 'rule')} ${rules === 1 ? 'was' : 'were'} left out`]),
    ...(parts === 0 ? [] : [`${count(parts, 'rule')} ${parts === 1 ? 'was' : 'were'} looked at in part`]),
  ];
  return left.length === 0 ? [] : [`--fast: ${left.join(', and ')}; verify without it before a release`];
}

/** SHOULD rules prove nothing about MUST rules, so they count only if no other rule was asked for. */
function nothingSeen(results: readonly RuleResult[]): VerificationFinding[] {
  const must = results.filter(({ level }) => level === 'MUST');
  const asked = must.length > 0 ? must : results;
  if (asked.some(({ outcome }) => outcome !== 'skipped')) return [];
  return [{ rule: 'verify/nothing', message: `no ${must.length > 0 ? 'MUST ' : ''}rule could be looked at` }];
}

/** One finding, in place of one for each rule that asks. */
function portless({ portless: message }: Report): VerificationFinding[] {
  if (message === undefined) return [];
  return [{ rule: 'verify/port', message: `${message}: pass --form worker, or --port-variable` }];
}

/** A platform that restarts and routes by health has to be told where to ask. Behaviour alone is looked at without it. */
function healthless({ health }: Report, profile: Profile): VerificationFinding[] {
  if (health?.lacks === undefined || !hasPart(profile, 'kubernetes')) return [];
  return [{ rule: 'verify/health', message: health.lacks }];
}

function unknownRule({ rule, line }: Waiver): VerificationFinding {
  return {
    rule: 'waiver/malformed',
    path: WAIVERS_PATH,
    line,
    message: `${WAIVERS_PATH}:${line} there is no rule "${rule}" in the contract`,
  };
}

/** A note for a waiver that changes nothing. An expired one is a finding already. */
function describeIdle(waiver: Waiver, results: readonly RuleResult[], date: string): string[] {
  const { rule, path, line, owner, expires } = waiver;
  const result = results.find(({ id }) => id === rule);
  if (!result || isExpired(waiver, date)) return [];
  const which = `the waiver of ${rule} (${WAIVERS_PATH}:${line}, ${owner}, until ${expires})`;
  if (path !== undefined)
    return [`${which} waives nothing: a rule of the contract is not about files; take "path" out`];
  return result.outcome === 'kept' ? [`${which} is no longer needed: the rule is kept`] : [];
}
