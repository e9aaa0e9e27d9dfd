import { expect, test } from 'vitest';
import { Backing } from '../../contract/harness/backing/backing.ts';
import { judge } from '../../contract/judge/judge.ts';
import type { Rule } from '../../contract/rule.ts';
import { rules as allRules } from '../../contract/rules/index.ts';
import { verify } from '../../contract/verify.ts';
import { temporaryFolder } from '../support/folder.ts';
import { quiet } from '../support/quiet.ts';
import { ruleOf } from './rule-of.ts';
import { serviceIn } from './small-service.ts';

const SERVICE =
  "require('node:http').createServer((_, response) => response.end('ok')).listen(process.env.PORT, '127.0.0.1');";

const seesThis: Rule['check'] = async (harness) => {
  harness.saw({ sent: 'this', expected: 'it', got: 'it', ok: true });
  return harness.evidence;
};

const check: Rule['check'] = async (harness) => {
  await seesThis(harness);
  if (!harness.leavesOut('that')) harness.saw({ sent: 'that', expected: 'it', got: 'it', ok: true });
  return harness.evidence;
};

const RULES = [ruleOf('A-1', check, { slow: 'it takes a day' }), ruleOf('A-2', check)];

const look = async (more: { fast?: true }, rules: readonly Rule[] = RULES) => {
  const target = serviceIn(temporaryFolder({ 'main.cjs': SERVICE }), more);
  const report = await verify(target, { watch: quiet, backing: new Backing(), rules });
  const judged = judge(report, {
    waivers: { waivers: [], problems: [] },
    must: [],
    date: '2026-01-01',
    version: '1.0.0',
    known: ['A-1', 'A-2'],
  });
  return { ...judged, seen: judged.results.map(({ outcome, reason, leftOut }) => [outcome, reason, leftOut]) };
};

test('what takes long is left out with --fast, and nothing is left out in silence', async () => {
  const { seen, notes, ok } = await look({ fast: true });
  expect(seen).toEqual([
    ['skipped', 'left out by --fast: it takes a day', undefined],
    ['partly', undefined, ['that: left out by --fast']],
  ]);
  expect(notes).toContain(
    '--fast: 1 rule was left out, and 1 rule was looked at in part; verify without it before a release',
  );
  expect(ok).toBe(true);
});

test('nothing is said of it where it left out nothing', async () => {
  const { notes } = await look({ fast: true }, [ruleOf('A-1', seesThis), ruleOf('A-2', seesThis)]);
  expect(notes).toEqual([]);
});

test('without it all is looked at', async () => {
  const { seen, notes } = await look({});
  expect(seen).toEqual([
    ['kept', undefined, undefined],
    ['kept', undefined, undefined],
  ]);
  expect(notes.join()).not.toContain('--fast');
});

test('most rules are looked at with --fast', () => {
  const left = allRules.filter(({ slow }) => slow === undefined);
  expect(left.length).toBeGreaterThan(allRules.length / 2);
});
