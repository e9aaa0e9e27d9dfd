import { describe, expect, it } from 'vitest';
import type { Baseline } from '../../contract/judge/baseline.ts';
import { exitCode } from '../../contract/judge/judge.ts';
import { summarise } from '../../contract/judge/summarise.ts';
import type { Result } from '../../contract/result.ts';
import { broken, judged, makeReport, unexpected, waiverOf } from '../support/verification.ts';

/** With a baseline only what got worse fails. */
const BROKEN = broken(unexpected('SIGTERM', 'exit 0', 'exit 143'));

function against(then: Readonly<Record<string, Result['outcome'] | 'waived'>>, seen: Parameters<typeof makeReport>[0]) {
  const rules = Object.entries(then).map(([id, outcome]) => {
    const isWaived = outcome === 'waived';
    return [id, { outcome: isWaived ? ('broken' as const) : outcome, isWaived }] as const;
  });
  const baseline: Baseline = { date: '2025-12-24', profile: 'house', rules: new Map(rules) };
  const verification = judged(makeReport(seen), undefined, { baseline });
  return { verification, exit: exitCode(verification), ...summarise(verification) };
}

describe('a rule that is broken', () => {
  it('and was broken in the baseline is known, and does not fail', () => {
    const { verification, exit, must, toMend } = against({ 'IX-2': 'broken' }, { 'IX-2': BROKEN });
    expect(verification.results.find(({ id }) => id === 'IX-2')).toMatchObject({ outcome: 'broken', known: true });
    expect({ exit, known: must.known, broken: must.broken, toMend }).toEqual({
      exit: 0,
      known: 1,
      broken: 0,
      toMend: [],
    });
    expect(verification.baseline).toBe('2025-12-24');
  });

  it.each(['kept', 'partly', 'skipped', 'waived'] as const)('and was %s in the baseline fails', (outcome) => {
    const { verification, exit, must } = against({ 'IX-2': outcome }, { 'IX-2': BROKEN });
    expect(verification.results.find(({ id }) => id === 'IX-2')).not.toHaveProperty('known');
    expect({ exit, broken: must.broken, known: must.known }).toEqual({ exit: 4, broken: 1, known: 0 });
  });

  it('and that the baseline does not have fails', () => {
    expect(against({ 'IX-3': 'broken' }, { 'IX-2': BROKEN }).exit).toBe(4);
  });

  it('and is waived is waived, whatever the baseline says', () => {
    const rules = new Map([['IX-2', { outcome: 'broken', isWaived: false } as const]]);
    const baseline: Baseline = { date: '2025-12-24', profile: 'house', rules };
    const waivers = { waivers: [waiverOf('IX-2')], problems: [] };
    const { must } = summarise(judged(makeReport({ 'IX-2': BROKEN }), waivers, { baseline }));
    expect(must).toMatchObject({ waived: 1, known: 0, broken: 0 });
  });
});

it('notes what is mended, and what was seen then and is not now', () => {
  const then = { 'IX-2': 'broken', 'IX-3': 'broken', 'H-1': 'kept', 'H-2': 'kept', 'S-2': 'skipped' } as const;
  const skipped = { outcome: 'skipped', reason: 'no image' } as const;
  const { verification } = against(then, { 'IX-3': { leftOut: ['a'] }, 'H-1': skipped, 'S-2': skipped });
  expect(verification.notes).toEqual([
    'mended since the baseline of 2025-12-24: IX-2, IX-3',
    'looked at in the baseline of 2025-12-24, and not now: H-1',
  ]);
});
