import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { profileOf } from '../../contract/profile.ts';
import type { Rule } from '../../contract/rule.ts';
import { rules } from '../../contract/rules/index.ts';
import { chooseRules, failedRules } from '../../maintenance/verify/choose-rules.ts';
import { readCompared } from '../../maintenance/verify/compared.ts';
import { renderReport } from '../../report/verify/render.ts';
import { makeFolder, removeFolder, write } from '../support/folder.ts';
import { judged, makeReport, realistic } from '../support/verification.ts';

/** Which rules are looked at: --rule, --only-failed; and what they are compared with: --baseline. */
const folder = makeFolder();
afterAll(() => removeFolder(folder));

/** A rule of the house alone. */
const OURS = rules.find(({ promises }) => profileOf(promises) === 'house') as Rule;

const ids = (names: readonly string[], profile: Parameters<typeof chooseRules>[1] = 'house') =>
  chooseRules(names, profile).map(({ id }) => id);
const ofFactor = (factor: string) => rules.filter((rule) => rule.factor === factor).map(({ id }) => id);

describe('--rule', () => {
  it.each([
    [['ix-2'], ['IX-2']],
    [
      ['H-1, s-2', 'IX-2'],
      ['IX-2', 'H-1', 'S-2'],
    ],
    [['ix'], ofFactor('IX. Disposability')],
    [['disposability'], ofFactor('IX. Disposability')],
    [['IX. Disposability'], ofFactor('IX. Disposability')],
    [['http'], ofFactor('HTTP')],
    [['H'], ofFactor('HTTP')],
    [['V', 'V-1'], ofFactor('V. Build, release, run')],
    [[], rules.map(({ id }) => id)],
  ])('%j', (names, expected) => expect(ids(names)).toEqual(expected));

  it.each([
    [['V-22'], 'house', '--rule V-22 is not a rule of the contract; did you mean V-2?'],
    [['IX-2,IX-99'], 'house', '--rule IX-99 is not a rule'],
    [[','], 'house', '--rule names no rule'],
  ] as const)('%j in the profile %s is refused', (names, profile, said) => {
    expect(() => chooseRules(names, profile)).toThrow(said);
  });

  it('no rule is guessed from a name that is like none', () => {
    expect(() => ids(['ZZ-99'])).toThrow(/^--rule ZZ-99 is not a rule of the contract$/);
  });

  it('a rule that promises nothing in the profile is refused', () => {
    expect(() => ids([OURS.id], 'twelve-factor')).toThrow(
      `--rule ${OURS.id} promises nothing in the profile twelve-factor, only from house on`,
    );
  });

  it('takes what the profile has of a factor', () => {
    const found = ids([OURS.factor, 'IX'], 'twelve-factor');
    expect(found).toContain('IX-2');
    expect(found).not.toContain(OURS.id);
  });
});

describe('an earlier report', async () => {
  write(folder, {
    'realistic.json': await renderReport(realistic, 'json'),
    'good.json': await renderReport(judged(makeReport()), 'json'),
    'text.json': 'all is well',
    'old.json': '{"schema":1,"date":"2026-01-02","results":[]}',
    'audit.json': '{"schema":2,"command":"audit"}',
    'odd.json': '{"schema":2,"date":"2026-01-02","profile":"house","results":[{"id":"IX-2","outcome":"fine"}]}',
  });
  const read = (more: object, profile: 'house' | 'twelve-factor' = 'house') =>
    readCompared({ cwd: folder, rules: [], ...more }, profile);

  it('says which rules failed', () => {
    const { rules: failed, notes } = read({ onlyFailed: 'realistic.json' });
    expect(failed).toEqual(['III-1', 'IV-2', 'IX-2', 'XI-3', 'H-2', 'H-5']);
    expect(notes).toEqual([
      'only what is broken in the report of 2026-01-02 (--only-failed) was looked at: III-1, IV-2, IX-2, XI-3, H-2, H-5',
    ]);
  });

  it('in which nothing failed says nothing, so all are looked at', () => {
    const { rules: failed, notes } = read({ onlyFailed: join(folder, 'good.json') });
    expect(failed).toBeUndefined();
    expect(notes).toEqual([expect.stringContaining('no rule is broken in the report of 2026-01-02')]);
  });

  it('names no rule beyond the profile of this run', () => {
    const { baseline } = read({ baseline: 'realistic.json' });
    if (!baseline) throw new Error('there is no baseline');
    const failed = { ...baseline, rules: new Map([[OURS.id, { outcome: 'broken', isWaived: false } as const]]) };
    expect([failedRules(failed, 'house'), failedRules(failed, 'twelve-factor')]).toEqual([[OURS.id], []]);
    expect(baseline.rules.get('H-2')).toEqual({ outcome: 'broken', isWaived: true });
    expect(baseline.rules.get('IX-2')).toEqual({ outcome: 'broken', isWaived: false });
  });

  it.each([
    [{ baseline: 'none.json' }, '--baseline none.json cannot be read: there is no such file'],
    [{ baseline: 'text.json' }, '--baseline text.json is not JSON'],
    [{ onlyFailed: 'old.json' }, '--only-failed old.json has schema 1, and this program reads 2'],
    [{ onlyFailed: 'audit.json' }, 'is of another command: audit'],
    [{ onlyFailed: 'odd.json' }, 'is not a verification'],
    [{ onlyFailed: '-', baseline: '-' }, 'cannot both be read from standard input'],
    [{ onlyFailed: 'good.json', rules: ['IX-2'] }, '--only-failed cannot be combined with --rule'],
  ])('%j is refused', (more, said) => expect(() => read(more)).toThrow(said));

  it('of another profile is no baseline', () => {
    expect(() => read({ baseline: 'good.json' }, 'twelve-factor')).toThrow(
      '--baseline good.json is of the profile house, and this run of twelve-factor',
    );
  });
});
