import type { Baseline } from '../../contract/judge/baseline.ts';
import { hasPart, PROFILES, type Profile, profileOf } from '../../contract/profile.ts';
import type { Rule } from '../../contract/rule.ts';
import { rules as allRules } from '../../contract/rules/index.ts';
import { printable, UserError } from '../../engine/core/errors.ts';
import { nearest } from '../../engine/core/text/nearest.ts';

const KNOWN = allRules.map(({ id }) => id);

/**
 * The rules that `--rule` names, in the order of the contract: by their ids (`IX-2`), or all of a factor (`IX`, `HTTP`,
 * `Disposability`), in any case. Several may stand in one text, with commas between them.
 * @param names nothing for all rules of the profile
 * @param named what a mistaken name is called in the message, such as the option that has it
 * @throws {UserError} INPUT_INVALID for a rule that does not exist, or that promises nothing in the profile
 */
export function chooseRules(names: readonly string[], profile: Profile, named = '--rule'): readonly Rule[] {
  const wanted = names
    .flatMap((text) => text.split(','))
    .map((name) => name.trim().toUpperCase())
    .filter(Boolean);
  const list = `There are ${KNOWN.join(', ')}.`;
  if (names.length > 0 && wanted.length === 0) throw new UserError('INPUT_INVALID', `${named} names no rule`, list);
  const unknown = wanted.filter((name) => !allRules.some((rule) => isNamed(rule, name)));
  if (unknown.length > 0) {
    throw refused(named, unknown, (name) => `is not a rule of the contract${guess(name)}`, list);
  }
  const inProfile = allRules.filter((rule) => isIn(rule, profile));
  if (wanted.length === 0) return inProfile;
  // A factor is asked for with what the profile has of it.
  const beyond = allRules.filter((rule) => !isIn(rule, profile) && wanted.some((name) => isNamed(rule, name)));
  const refuses = beyond.filter(({ id }) => wanted.includes(id));
  const chosen = inProfile.filter((rule) => wanted.some((name) => isNamed(rule, name)));
  if (refuses.length === 0 && chosen.length > 0) return chosen;
  const missed = refuses.length > 0 ? refuses : beyond;
  const from = (rule: Rule) => profileOf(rule.promises);
  const most = PROFILES.findLast((one) => missed.some((rule) => from(rule) === one));
  const reasons = new Map(missed.map((rule) => [rule.id, from(rule)]));
  throw refused(
    named,
    missed.map(({ id }) => id),
    (id) => `promises nothing in the profile ${profile}, only from ${reasons.get(id)} on`,
    `Ask for more with --profile ${most}.`,
  );
}

/** The rules of a profile that are broken in an earlier report, waived or not. */
export function failedRules({ rules }: Baseline, profile: Profile): string[] {
  return allRules.filter((rule) => isIn(rule, profile) && rules.get(rule.id)?.outcome === 'broken').map(({ id }) => id);
}

const isIn = ({ promises }: Rule, profile: Profile) => hasPart(profile, profileOf(promises));

/** Whether a name in upper case stands for a rule. */
function isNamed({ id, factor }: Rule, name: string): boolean {
  const whole = factor.toUpperCase();
  return [id, id.slice(0, id.lastIndexOf('-')), whole, ...whole.split('. ')].includes(name);
}

/** What may have been meant: a rule that is one slip away. */
function guess(name: string): string {
  const near = nearest(name, KNOWN);
  return near?.slips === 1 ? `; did you mean ${near.word}?` : '';
}

function refused(named: string, names: readonly string[], why: (name: string) => string, remedy: string): UserError {
  const problems = names.map((name) => ({ subject: `${named} ${printable(name)}`, reason: why(name) }));
  const text = problems.map(({ subject, reason }) => `${subject} ${reason}`).join('; ');
  return new UserError('INPUT_INVALID', text, remedy, { problems });
}
