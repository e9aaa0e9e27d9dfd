import { afterAll, expect, it, vi } from 'vitest';
import { Backing } from '../../contract/harness/backing/backing.ts';
import { Unseen } from '../../contract/harness/wait.ts';
import type { Result } from '../../contract/result.ts';
import type { Rule } from '../../contract/rule.ts';
import { verify } from '../../contract/verify.ts';
import { progressLines, secondLooksLine } from '../../maintenance/verify/progress.ts';
import { ruleOf } from './rule-of.ts';

/** A verification that is ended before its end has a report, and is watched rule by rule. */

// One of the rules never ends: where nothing ends it, that is known soon.
vi.setConfig({ testTimeout: 20_000 });

const backing = new Backing();
afterAll(() => backing.stop());

const target = { kind: 'url', name: 'nobody', url: 'http://127.0.0.1:1' } as const;
const looked: string[] = [];

/** A rule whose check is not about any service. */
const looksAt = (id: string, ok: () => boolean | Promise<boolean>, more: Partial<Rule> = {}): Rule =>
  ruleOf(
    id,
    async (harness) => {
      looked.push(id);
      harness.saw({ sent: id, expected: 'true', got: 'either', ok: await ok() });
      return harness.evidence;
    },
    more,
  );
const quick = looksAt('quick', () => true);
const wrong = looksAt('wrong', () => false);
const endless = looksAt('endless', () => new Promise<boolean>(() => undefined));
const later = looksAt('later', () => true, { alone: true });

/** Ends the verification once `id` was judged. */
async function cutAfter(id: string, rules: readonly Rule[]) {
  looked.length = 0;
  const ending = new AbortController();
  const told: string[] = [];
  const tell = progressLines(rules.length, (text) => told.push(text.replace(/ \(\d+\.\d s\)$/, ' (TIME)')));
  const onResult = (result: Result) => {
    tell(result);
    if (result.rule.id === id) ending.abort(new Unseen('the time was over'));
  };
  const onSecondLooks = (unsure: readonly Rule[]) => told.push(secondLooksLine(unsure));
  const report = await verify(target, { backing, rules, parallel: 2, signal: ending.signal, onResult, onSecondLooks });
  const outcomes = report.results.map(({ rule, outcome, again, reason }) => [rule.id, outcome, again, reason]);
  return { report, outcomes, told };
}

it('skips rules that were running or not looked at yet, and starts no more', async () => {
  const { report, outcomes, told } = await cutAfter('quick', [quick, endless, later]);
  expect(outcomes).toEqual([
    ['quick', 'kept', undefined, undefined],
    ['endless', 'skipped', undefined, 'the time was over'],
    ['later', 'skipped', undefined, 'the time was over'],
  ]);
  expect(report.cut).toBe('the time was over');
  expect(looked).toEqual(['quick', 'endless']);
  expect(told).toEqual(['[1/3] quick kept (TIME)', '[2/3] endless skipped', '[3/3] later skipped']);
});

it('looks once at a rule that broke for a reason that a busy machine cannot cause', async () => {
  const steady = ruleOf('steady', async (harness) => {
    looked.push('steady');
    harness.saw({ sent: 'steady', expected: 'true', got: 'false', ok: false, steady: true });
    return harness.evidence;
  });
  const { told } = await cutAfter('nothing', [steady]);
  expect(looked).toEqual(['steady']);
  expect(told).toEqual(['[1/1] steady broken (TIME)']);
});

it('looks again at a rule that was kept by little, and reports what it saw then', async () => {
  const kept = (id: string, margins: readonly number[]) => {
    let look = 0;
    return ruleOf(id, async (harness) => {
      const margin = margins[look] ?? 0;
      look += 1;
      harness.saw({ sent: id, expected: 'at most 100 ms', got: 'some ms', ok: margin >= 0, margin });
      return harness.evidence;
    });
  };
  const { outcomes } = await cutAfter('nothing', [kept('near', [0.05, -0.2]), kept('far', [0.5, -0.2])]);
  expect(outcomes).toEqual([
    ['near', 'broken', true, undefined],
    ['far', 'kept', undefined, undefined],
  ]);
});

it('keeps what was broken before a second look', async () => {
  const { report, outcomes } = await cutAfter('later', [wrong, later]);
  expect(outcomes).toEqual([
    ['wrong', 'broken', undefined, undefined],
    ['later', 'kept', undefined, undefined],
  ]);
  expect(report.cut).toBe('the time was over');
  expect(looked).toEqual(['wrong', 'later']);
});

it('is complete if its last rule was judged in time, and reports each look', async () => {
  const { report, told } = await cutAfter('nothing', [wrong, quick]);
  expect(report).not.toHaveProperty('cut');
  expect(told).toEqual([
    '[1/2] wrong broken, to be looked at again (TIME)',
    '[2/2] quick kept (TIME)',
    'once more, one at a time, since chance may have decided: wrong',
    'wrong broken, looked at again (TIME)',
  ]);
});
