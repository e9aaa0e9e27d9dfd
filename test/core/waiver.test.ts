import { describe, expect, it } from 'vitest';
import { findWaiver, isExpired, parseWaivers } from '../../engine/core/audit/waiver.ts';

const GOOD = `waivers:
  - rule: drift
    path: src/platform/*
    reason: upstream
    owner: payments
    expires: 2027-02-28
`;

describe('waivers', () => {
  it('may have a byte order mark', async () => {
    expect(await parseWaivers(`\ufeff${GOOD}`)).toEqual(await parseWaivers(GOOD));
  });

  it('are read with their line', async () => {
    const { waivers, problems } = await parseWaivers(GOOD);
    expect(problems).toEqual([]);
    expect(waivers).toEqual([
      { rule: 'drift', path: 'src/platform/*', reason: 'upstream', owner: 'payments', expires: '2027-02-28', line: 2 },
    ]);
  });

  it.each<[what: string, text: string, line: number, reason: RegExp]>([
    ['no owner', GOOD.replace(/ +owner.*\n/, ''), 2, /has no owner/],
    ['no reason', GOOD.replace(/ +reason.*\n/, ''), 2, /has no reason/],
    ['no day', GOOD.replace(/ +expires.*\n/, ''), 2, /has no expires/],
    ['never', GOOD.replace('2027-02-28', 'never'), 2, /YYYY-MM-DD/],
    ['an impossible day', GOOD.replace('2027-02-28', '2027-02-29'), 2, /YYYY-MM-DD/],
    ['off', GOOD.replace('rule: drift', 'rule: "off"'), 2, /no rule "off"/],
    ['an unknown key', GOOD.replace('path:', 'paths:'), 2, /"paths" is not known/],
    ['an empty reason', GOOD.replace('upstream', '""'), 2, /reason must be text/],
    ['no list', 'waivers: yes\n', 1, /must have a list/],
    ['another document', '- rule: drift\n', 1, /must have a list/],
    ['broken YAML', 'waivers:\n  - rule: [\n', 3, /./],
    [
      'an alias bomb',
      `a: &a [x,x,x,x]\nb: &b [*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c]\nwaivers: [*d,*d]\n`,
      1,
      /alias/,
    ],
  ])('%s is a problem with its line, and the waiver is not valid', async (_, text, line, reason) => {
    const { waivers, problems } = await parseWaivers(text);
    expect(waivers).toEqual([]);
    expect(problems[0]?.reason).toMatch(reason);
    expect(problems[0]?.line).toBe(line);
  });

  it('are valid on their last day, and only for their files', async () => {
    const { waivers } = await parseWaivers(GOOD);
    const edited = { rule: 'drift/edited', path: 'src/platform/app.ts' };
    expect(findWaiver(waivers, edited, '2027-02-28')).toBeDefined();
    expect(findWaiver(waivers, edited, '2027-03-01')).toBeUndefined();
    expect(findWaiver(waivers, { ...edited, path: 'src/platform/deep/app.ts' }, '2026-01-01')).toBeUndefined();
    expect(
      findWaiver(waivers, { rule: 'policy/base-image', path: 'src/platform/app.ts' }, '2026-01-01'),
    ).toBeUndefined();
    expect(findWaiver(waivers, { rule: 'drift/missing' }, '2026-01-01')).toBeUndefined();
    expect(isExpired({ expires: '2026-01-01' }, '2026-01-02')).toBe(true);
  });
});
