import { expect, test } from 'vitest';
import { hasPart, PROFILES, profileOf, statementOf } from '../../contract/profile.ts';
import { rules } from '../../contract/rules/index.ts';

test('a profile has all promises of those before it, and none of those after it', () => {
  const promises = { 'twelve-factor': 'It stops.', house: 'It exits 0.' };
  expect(PROFILES.map((profile) => statementOf(promises, profile))).toEqual([
    'It stops.',
    'It stops.',
    'It stops. It exits 0.',
  ]);
  expect(profileOf(promises)).toBe('twelve-factor');
  expect(PROFILES.map((profile) => hasPart(profile, 'kubernetes'))).toEqual([false, true, true]);
});

test('every rule promises something, and strangers are not asked for our names', () => {
  expect(rules.filter(({ promises }) => statementOf(promises, 'house') === '')).toEqual([]);
  const asked = rules.filter(({ promises }) => statementOf(promises, 'twelve-factor') !== '').map(({ id }) => id);
  expect(asked).toEqual(expect.arrayContaining(['IX-2', 'VI-1', 'XI-3']));
  expect(asked).not.toEqual(expect.arrayContaining(['III-2']));
  expect(asked).not.toEqual(expect.arrayContaining(['XI-2']));
});
