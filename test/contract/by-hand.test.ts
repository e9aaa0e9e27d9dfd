import { describe, expect, it } from 'vitest';
import { hasPart, profileOf } from '../../contract/profile.ts';
import { PLACEHOLDERS, type Rule } from '../../contract/rule.ts';
import { rules } from '../../contract/rules/index.ts';

/** What `verify explain` says of a rule besides its promises. */
const namesIn = (text: string): string[] => [...text.matchAll(/\$([A-Z]+)/g)].map(([, name = '']) => name);

/** The commands of a rule, those of the profile house too. */
const commandsOf = ({ byHand, inHouse }: Rule): string[] => [...byHand, ...(inHouse?.byHand ?? [])];

describe.each(rules)('$id', (rule) => {
  const { byHand, thresholds, inHouse } = rule;

  it('shows what is looked at with a command or two, whose variables are explained', () => {
    expect(byHand.length).toBeGreaterThan(0);
    expect(byHand.length).toBeLessThanOrEqual(3);
    for (const command of commandsOf(rule)) {
      expect(command.trim()).not.toBe('');
      expect(namesIn(command).filter((name) => !Object.hasOwn(PLACEHOLDERS, name))).toEqual([]);
    }
  });

  it('has a number in each threshold', () => {
    expect(thresholds).not.toEqual([]);
    for (const threshold of [...(thresholds ?? []), ...(inHouse?.thresholds ?? [])]) expect(threshold).toMatch(/\d/);
  });
});

it('no variable is explained that no command has', () => {
  const used = new Set(rules.flatMap((rule) => commandsOf(rule).flatMap(namesIn)));
  expect(Object.keys(PLACEHOLDERS).filter((name) => !used.has(name))).toEqual([]);
});

/** Names that a service has only if it promised the profile house. */
const OURS = /\$(SERVICE|PROGRAM) (web|migrate)\b|SHUTDOWN_(DELAY|TIMEOUT)_MS|\$URL\/health\//;

it('a command for strangers has none of our verbs, variables and paths', () => {
  const forStrangers = rules.filter(({ promises }) => hasPart('kubernetes', profileOf(promises)));
  expect(forStrangers.flatMap(({ byHand }) => byHand.filter((command) => OURS.test(command)))).toEqual([]);
});
