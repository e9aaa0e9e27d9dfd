import { stateOf } from '../../contract/judge/summarise.ts';
import { type RuleResult, SHORTFALLS, type Verification } from '../../contract/judge/verification.ts';
import { RULES } from '../../engine/core/audit/audit.ts';
import { type SarifFinding, type SarifLevel, type SarifRule, sarifLog } from '../parts/sarif.ts';
import type { ReportSettings } from './settings.ts';
import { failures, oneLine, reservations } from './wording.ts';

/** Characters of one observation that are shown. */
const MAX_TEXT = 500;
const PROBLEMS = {
  'waiver/expired': RULES['waiver/expired'],
  'waiver/malformed': RULES['waiver/malformed'],
  ...SHORTFALLS,
};

/**
 * Lists broken rules and problems with waivers or the verification. Other rules would be shown as findings, so they are
 * left out; those that are kept in part are notes of the run.
 */
export function verifySarif(
  { version, profile, rules: inProfile, baseline, results, findings }: Verification,
  { location }: ReportSettings,
): string {
  const rules: SarifRule[] = [
    ...results.map(({ id, statement, why, mend, ...result }) => ({
      id,
      text: statement,
      help: `${why} ${mend}`,
      level: levelOf(result),
    })),
    ...Object.entries(PROBLEMS).map(([id, text]) => ({ id, text })),
  ];
  const broken = results
    .filter((result) => result.outcome === 'broken')
    .map(
      (result): SarifFinding => ({
        rule: result.id,
        message: messageOf(result),
        level: levelOf(result),
        path: location,
        // The fingerprint must not change with a commit. With an image's tag in it, every alert would be new.
        fingerprint: `${location ?? ''} ${result.id}`.trim(),
        ...(baseline === undefined ? {} : { since: result.known ? ('unchanged' as const) : ('new' as const) }),
        ...(stateOf(result) === 'waived' && result.waived ? { waived: result.waived } : {}),
      }),
    );
  const folder = location?.slice(0, location.lastIndexOf('/') + 1) ?? '';
  const problems = findings.map(({ path, ...finding }) => ({
    ...finding,
    path: path === undefined ? location : `${folder}${path}`,
  }));
  // A result would be shown as a finding, whatever its kind.
  const notes = results
    .filter(({ outcome }) => outcome === 'partly')
    .map((result) => ({ rule: result.id, message: ['Kept in part.', ...reservations(result)].join('\n') }));
  const run = { properties: { profile, rules: inProfile }, notes };
  return sarifLog({ name: 'create-twelve-service verify', version }, rules, [...broken, ...problems], run);
}

function levelOf({ level }: Pick<RuleResult, 'level'>): SarifLevel {
  return level === 'MUST' ? 'error' : 'warning';
}

function messageOf(result: RuleResult): string {
  const { shown, more } = failures(result);
  const seen = shown.map(({ sent, expected, got }) =>
    [sent, `expected ${expected}`, `got ${got}`].map((text) => oneLine(text, MAX_TEXT)).join('; '),
  );
  return [
    result.statement,
    ...seen,
    ...(more > 0 ? [`and ${more} more`] : []),
    ...reservations(result),
    `How to mend it: ${result.mend}`,
  ].join('\n');
}
