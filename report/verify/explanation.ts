import { hasPart, PROFILES, type Profile, profileOf, statementOf } from '../../contract/profile.ts';
import { levelOf, PLACEHOLDERS, type Rule } from '../../contract/rule.ts';
import { JSON_SCHEMA_VERSION, jsonText } from '../parts/json.ts';
import { labelled } from '../parts/wrap.ts';

const WIDTH = 80;
const BESIDE = { indent: '  ', width: WIDTH };

/** Rules for programs: `verify explain --format json`. */
export function ruleExplanationJson(rules: readonly Rule[]): string {
  const explained = rules.map((rule) => {
    const { id, level, factor, promises, why, thresholds = [], mend, byHand, inHouse } = rule;
    const known = namesIn([...byHand, ...(inHouse?.byHand ?? [])]);
    const placeholders = Object.fromEntries(known.map((name) => [name, PLACEHOLDERS[name]]));
    const asked = { id, level, factor, profile: profileOf(promises), promises, why, thresholds, mend, byHand };
    return { ...asked, ...(inHouse ? { inHouse } : {}), placeholders };
  });
  return jsonText({ schema: JSON_SCHEMA_VERSION, ok: true, command: 'verify explain', rules: explained });
}

/**
 * What rules promise in each profile, why, which numbers decide, how to see it by hand and how to mend it.
 * @param asked the profile that is asked about: its promise comes first, with its numbers and its commands alone
 */
export function ruleExplanationText(rules: readonly Rule[], asked?: Profile): string {
  return rules.map((rule) => ruleLines(rule, asked).join('\n')).join('\n\n');
}

function ruleLines(rule: Rule, asked: Profile | undefined): string[] {
  const { id, factor, why, mend } = rule;
  const first = profileOf(rule.promises);
  const level = asked === undefined ? rule.level : levelOf(rule, asked);
  const commands = commandsOf(rule, asked);
  return [
    `${id}  ${factor}, ${level}, ${first === PROFILES[0] ? 'in every profile' : `from the profile ${first} on`}`,
    '',
    ...promiseLines(rule, asked),
    '',
    ...labelled('Why      ', why, BESIDE),
    ...numbersOf(rule, asked).flatMap((threshold, at) =>
      labelled(at === 0 ? 'Numbers  ' : '         ', threshold, BESIDE),
    ),
    ...labelled('Mend     ', mend, BESIDE),
    '',
    // A command is copied, so it is not wrapped.
    ...commands.flatMap(([title, list]) => [`  ${title}`, ...list.map((command) => `    ${command}`), '']),
    ...namesIn(commands.flatMap(([, list]) => list)).flatMap((name) =>
      labelled(`  $${name}`.padEnd(14), PLACEHOLDERS[name] ?? '', BESIDE),
    ),
  ];
}

/** What each profile promises beyond those before it. That of the profile that is asked about comes first, as one text. */
function promiseLines({ promises }: Rule, asked: Profile | undefined): string[] {
  const wide = Math.max(...PROFILES.map(({ length }) => length)) + 2;
  const first = profileOf(promises);
  const beyond = PROFILES.filter((profile) => asked === undefined || !hasPart(asked, profile));
  const each = beyond.flatMap((profile) =>
    labelled(profile.padEnd(wide), promises[profile] ?? silence(first, profile), BESIDE),
  );
  if (asked === undefined) return each;
  const whole = statementOf(promises, asked) || 'nothing';
  const more = each.length === 0 ? [] : ['', '  Beyond it', ...each];
  return [...labelled('', `In the profile ${asked}: ${whole}`, BESIDE), ...more];
}

/** The numbers that decide: all of them, or those of a profile. */
function numbersOf({ thresholds = [], inHouse }: Rule, asked: Profile | undefined): string[] {
  const further = inHouse?.thresholds ?? [];
  const house = asked === undefined ? further.map((text) => `house: ${text}`) : asked === 'house' ? further : [];
  const all = [...thresholds, ...house];
  return all.length > 0 ? all : ['none: each observation is as it has to be, or not'];
}

/** The commands, under titles: all of them, or those of a profile. */
function commandsOf({ byHand, inHouse }: Rule, asked: Profile | undefined): [title: string, list: readonly string[]][] {
  const house = inHouse?.byHand;
  if (house === undefined) return [['By hand', byHand]];
  if (asked !== undefined) return [['By hand', asked === 'house' ? house : byHand]];
  return [
    ['By hand', byHand],
    ['By hand, in the profile house', house],
  ];
}

/** What is said of a profile without a promise of its own. */
function silence(first: Profile, profile: Profile): string {
  return hasPart(profile, first) ? 'nothing further' : 'nothing';
}

function namesIn(commands: readonly string[]): string[] {
  const text = commands.join('\n');
  return Object.keys(PLACEHOLDERS).filter((name) => new RegExp(`\\$${name}(?![A-Z])`).test(text));
}
