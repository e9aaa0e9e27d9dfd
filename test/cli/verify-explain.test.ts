import { describe, expect, it } from 'vitest';
import { rules } from '../../contract/rules/index.ts';
import { ruleExplanationJson, ruleExplanationText } from '../../report/verify/explanation.ts';
import { ROOT, run } from '../support/program.ts';

/** `verify explain RULE`. */
const verify = (...args: string[]) => run(['verify', ...args], { cwd: ROOT });

describe.each(rules)('$id', (rule) => {
  const text = ruleExplanationText([rule]);

  it('is explained: what it promises in each profile, why, the numbers, how to mend it, and by hand', () => {
    const words = text.replace(/\s+/g, ' ');
    for (const part of [rule.id, rule.factor, rule.level, rule.why, rule.mend, ...Object.values(rule.promises)])
      expect(words).toContain(part.replace(/\s+/g, ' '));
    for (const profile of ['twelve-factor', 'kubernetes', 'house'])
      expect(text).toMatch(new RegExp(`^ {2}${profile} +\\S`, 'm'));
    for (const threshold of rule.thresholds ?? ['none: ']) expect(words).toContain(threshold);
    for (const command of rule.byHand) expect(text).toContain(`\n    ${command}\n`);
  });

  it('fits 80 columns, but for commands, which are copied', () => {
    const long = text.split('\n').filter((line) => line.length > 80);
    const commands = [...rule.byHand, ...(rule.inHouse?.byHand ?? [])];
    expect(long.filter((line) => !commands.some((command) => line.trim() === command))).toEqual([]);
  });

  it('is explained to programs', () => {
    const {
      rules: [found],
    } = JSON.parse(ruleExplanationJson([rule]));
    expect(found).toMatchObject({
      id: rule.id,
      promises: rule.promises,
      byHand: rule.byHand,
      thresholds: rule.thresholds ?? [],
    });
    const commands = [...rule.byHand, ...(rule.inHouse?.byHand ?? [])];
    const named = commands.flatMap((command) => [...command.matchAll(/\$([A-Z]+)/g)].map(([, name]) => name));
    expect(Object.keys(found.placeholders).sort()).toEqual([...new Set(named)].sort());
  });
});

it('a rule may be written in lower case, and a factor explains all of its rules', async () => {
  const one = await verify('explain', 'ix-2');
  expect([one.code, one.stdout.split('\n')[0]]).toEqual([0, 'IX-2  IX. Disposability, MUST, in every profile']);
  const factor = await verify('explain', 'HTTP', '--format', 'json');
  expect(JSON.parse(factor.stdout).rules.map(({ id }: { id: string }) => id)).toEqual(
    rules.filter((rule) => rule.factor === 'HTTP').map(({ id }) => id),
  );
});

it('with --profile the promise of it comes first, with its numbers and its commands alone', async () => {
  const [stranger, house] = await Promise.all(
    ['twelve-factor', 'house'].map(async (profile) => (await verify('explain', 'IX-2', '--profile', profile)).stdout),
  );
  expect(stranger?.split('\n')[2]).toMatch(/^ {2}In the profile twelve-factor: SIGTERM and SIGINT stop it/);
  expect(stranger?.replace(/\s+/g, ' ')).toContain(
    'within 35 s: the 30 s that platforms give, and 5 s more for servers',
  );
  expect(stranger).not.toMatch(/SHUTDOWN_DELAY_MS=|300 ms/);
  expect(house).toContain('SHUTDOWN_DELAY_MS=2000 $SERVICE &');
  expect(house?.replace(/\s+/g, ' ')).toContain('not ready within 300 ms');
  const { stdout } = await verify('explain', 'IX-4', '--profile', 'twelve-factor');
  expect(stdout).toMatch(/^ {2}kubernetes +nothing further$/m);
});

it.each([
  [['explain', 'IX-2', '--profile', 'hous'], '--profile hous is not a profile; did you mean house?'],
  [['explain', 'IX-22'], 'verify explain IX-22 is not a rule of the contract; did you mean IX-2?'],
  [['explain'], 'verify explain names no rule'],
  [['explain', 'IX-2', '--format', 'sarif'], '--format of verify explain must be text or json, not sarif'],
  [['plain', 'IX-2'], '"IX-2" is one argument too many'],
])('verify %j is refused', async (args, said) => {
  const { code, stderr } = await verify(...args);
  expect([code, stderr]).toEqual([2, expect.stringContaining(said)]);
});
