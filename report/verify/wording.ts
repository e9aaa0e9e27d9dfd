import type { Evidence } from '../../contract/evidence.ts';
import { reasonToMend } from '../../contract/judge/mend-order.ts';
import type { VerificationSummary } from '../../contract/judge/summarise.ts';
import type { RuleResult, Verification } from '../../contract/judge/verification.ts';
import { printable } from '../../engine/core/errors.ts';
import { count } from '../../engine/core/text/count.ts';

/** Observations of one rule that are shown to people. `json` has all. */
const MAX_OBSERVATIONS = 5;

/** The outcome in one sentence. Untrusted text in it is printable, but not escaped. */
export function verdict({ ok, target, findings }: Verification, { must, should }: VerificationSummary): string {
  const name = printable(target.name);
  const kept = must.kept + must.partly;
  const seen = kept + must.broken + must.known + must.waived;
  const inPart = must.partly === 0 ? '' : `, ${must.partly} of them in part`;
  const nothing = findings.find(({ rule }) => rule === 'verify/nothing');
  if (nothing) return `Nothing is verified: ${nothing.message} in ${name}.`;
  const ofWaivers = findings.filter(({ rule }) => rule.startsWith('waiver/')).length;
  const waivers = ofWaivers === 0 ? [] : [`${count(ofWaivers, 'problem')} with waivers`];
  const broken =
    must.broken === 0
      ? []
      : [`${must.broken} of ${count(seen, 'MUST rule')} ${must.broken === 1 ? 'is' : 'are'} broken`];
  const port = findings.some(({ rule }) => rule === 'verify/port') ? ['it listens on no port'] : [];
  const health = findings.some(({ rule }) => rule === 'verify/health') ? ['a health route is not known'] : [];
  const wrong = [...broken, ...waivers, ...port, ...health].join(', ');
  const isCut = findings.some(({ rule }) => rule === 'verify/timeout' || rule === 'verify/backing');
  if (isCut && wrong === '')
    return `${name} is not verified to the end: ${count(kept, 'MUST rule')} kept${inPart}, ${must.skipped} not looked at.`;
  const skipped = must.skipped + should.skipped;
  const unseen = skipped === 0 ? '' : `; ${count(skipped, 'rule')} ${skipped === 1 ? 'was' : 'were'} not looked at`;
  if (!ok)
    return `${name} does not keep the contract: ${wrong}${isCut ? '; it was not looked at to the end' : unseen}.`;
  if (seen === 0)
    return `${name}: ${should.kept + should.partly} of ${count(should.kept + should.partly + should.broken + should.known + should.waived, 'SHOULD rule')} kept; no MUST rule was asked for${unseen}.`;
  const known = must.known === 0 ? '' : `, ${must.known} broken in the baseline too`;
  const waived = must.waived === 0 ? '' : `, ${must.waived} waived`;
  return `${name} ${must.known === 0 ? 'keeps the contract' : 'is no worse than the baseline'}: ${kept} of ${count(seen, 'MUST rule')} kept${inPart}${known}${waived}${unseen}.`;
}

/** e.g. `profile house: 42 rules (the folder has .twelve.json)` */
export function describeProfile({
  profile,
  profileReason,
  rules,
}: Pick<Verification, 'profile' | 'profileReason' | 'rules'>): string {
  const why = profileReason === undefined ? '' : ` (${profileReason})`;
  return `profile ${profile}: ${count(rules, 'rule')}${why}`;
}

/** The next rule to mend, and why. Nothing if all rules are kept. */
export function nextToMend({ toMend: [next] }: VerificationSummary): string | undefined {
  if (!next) return undefined;
  const reason =
    reasonToMend(next.id) ??
    (next.level === 'MUST' ? 'the first in the order of the contract' : 'advice, as no MUST rule is broken');
  return `${next.id} (${next.factor}): ${reason}`;
}

/** The first unexpected observations, and the number of further ones. */
export function failures({ evidence }: RuleResult): { shown: readonly Evidence[]; more: number } {
  const failed = evidence.filter(({ ok }) => !ok);
  return { shown: failed.slice(0, MAX_OBSERVATIONS), more: Math.max(0, failed.length - MAX_OBSERVATIONS) };
}

/** Reasons, each with the rules that were not checked, or not completely, for this reason. */
export function skippedByReason(results: readonly RuleResult[]): [reason: string, ids: readonly string[]][] {
  const reasons = new Map<string, string[]>();
  const add = (reason: string, id: string) => reasons.set(reason, [...(reasons.get(reason) ?? []), id]);
  for (const { id, outcome, reason = 'no reason is known', leftOut = [] } of results) {
    if (outcome === 'skipped') add(reason, id);
    else for (const what of leftOut) add(what, `${id} (in part)`);
  }
  return [...reasons];
}

/** The rules that were checked twice, with an explanation. Empty if there is none. */
export function secondLooks(results: readonly RuleResult[]): string[] {
  const ids = results.filter(({ again }) => again).map(({ id }) => id);
  return ids.length === 0
    ? []
    : [`${ids.join(', ')}: at first broken, or close to a limit; this is the second look, while nothing else ran`];
}

/** What was not checked of a rule, and whether it was checked twice. For reports without lists of these. */
export function reservations({ id, leftOut = [], again }: RuleResult): string[] {
  return [
    ...leftOut.map((what) => `Not looked at: ${what}`),
    ...(again ? [`Looked at twice: ${id} was at first broken, or close to a limit`] : []),
  ];
}

/** e.g. `MUST`, or `MUST (SHOULD in the contract)` */
export function describeLevel({ level, raised }: RuleResult): string {
  return raised ? `${level} (the policy's; SHOULD in the contract)` : level;
}

export function describeWaiver({ reason, owner, expires }: NonNullable<RuleResult['waived']>): string {
  return `until ${expires} by ${owner}: ${reason}`;
}

export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

/** An observation on one line of at most `max` characters, safe for a terminal: `|` stands for a line break. `json` has more. */
export function oneLine(text: string, max: number): string {
  // After a colon a line break says nothing.
  const line = text
    .trimEnd()
    .replaceAll(/:\s*\n\s*/g, ': ')
    .replaceAll(/\s*\n\s*/g, ' | ');
  const shown = printable(line);
  return shown.length <= max ? shown : `${shown.slice(0, max)} ...`;
}
