import { describe, expect, it } from 'vitest';
import { rules } from '../../contract/rules/index.ts';
import { renderReport } from '../../report/verify/render.ts';
import { unbalanced } from '../support/markup.ts';
import {
  broken,
  good,
  hostile,
  judged,
  makeReport,
  nothingSeen,
  realistic,
  unexpected,
  waiverOf,
} from '../support/verification.ts';

describe('as annotations of GitHub', () => {
  const annotations = async (verification = realistic, location?: string) => {
    const text = await renderReport(verification, 'github', location === undefined ? {} : { location });
    return text.split('\n').map((line) => {
      const [, kind, properties = '', message = ''] = /^::(error|warning|notice) ([^:]*)::(.*)$/.exec(line) ?? [];
      return { kind, properties, message };
    });
  };

  it('are errors for MUST rules, a warning for advice, and a notice with the verdict', async () => {
    const all = await annotations(realistic, 'services/orders/Dockerfile');
    expect(all.map(({ kind, properties }) => `${kind} ${properties}`)).toEqual([
      'error file=services/orders/Dockerfile,title=III-1 III. Config',
      'error file=services/orders/Dockerfile,title=XI-3 XI. Logs',
      'error file=services/orders/Dockerfile,title=IX-2 IX. Disposability',
      'error file=services/orders/Dockerfile,title=IV-2 IV. Backing services',
      'warning file=services/orders/Dockerfile,title=H-5 HTTP',
      `notice title=Service contract%2C profile house%3A ${rules.length} rules`,
    ]);
    expect(all[0]?.message).toContain('expected exit 78, got exit 1%0AHow to mend it: ');
    expect(all.at(-1)?.message).toMatch(
      /^orders does not keep the contract: 4 of \d+ MUST rules are broken; 5 rules were not looked at\.%0ANext/,
    );
  });

  it('have the line of a waiver that is wrong, and no file where none is known', async () => {
    const expired = judged(makeReport(), { waivers: [waiverOf('IX-2', { expires: '2025-01-01' })], problems: [] });
    expect((await annotations(expired, 'a/Dockerfile'))[0]?.properties).toBe(
      'file=a/.twelve-waivers.yaml,line=2,title=waiver/expired',
    );
    expect((await annotations(realistic))[0]?.properties).toBe('title=III-1 III. Config');
    expect((await annotations(good)).map(({ kind }) => kind)).toEqual(['notice']);
  });

  it('are ten of a kind at most, and the last one names the others', async () => {
    const all = Object.fromEntries(rules.map(({ id }) => [id, broken(unexpected('a', 'b', 'c'))]));
    const errors = (await annotations(judged(makeReport(all)))).filter(({ kind }) => kind === 'error');
    const must = rules.filter(({ level }) => level === 'MUST').length;
    expect(errors).toHaveLength(10);
    expect(errors.at(-1)?.properties).toBe(`title=and ${must - 9} more`);
    expect(errors.at(-1)?.message.split('%0A')).toHaveLength(must - 9);
  });

  it('are a line each, whatever a service says: it begins no command', async () => {
    const said = '\n::error::stolen\r\n##[warning]x %0A::set-env name=A::b';
    const seen = { 'IX-2': broken(unexpected(said, said, said)) };
    for (const verification of [hostile, judged(makeReport(seen, { name: said }))])
      for (const { kind, message } of await annotations(verification)) {
        expect(kind).toBeDefined();
        expect(message).not.toMatch(/%(?!25|0A|0D)/);
      }
  });
});

describe('as a badge', () => {
  const badge = (verification: typeof good) => renderReport(verification, 'badge');

  it.each([
    ['all is kept', good, /^twelve-factor, house: (\d+) of \1 kept \(/, '#2c7a3f'],
    ['rules are broken', realistic, /^twelve-factor, house: \d+ of \d+ kept \(/, '#b3261e'],
    ['nothing was seen', judged(nothingSeen), /: not verified \(/, '#8a6100'],
    [
      'a rule is waived',
      judged(makeReport({ 'IX-2': broken() }), { waivers: [waiverOf('IX-2')], problems: [] }),
      /kept \(/,
      '#8a6100',
    ],
    ['a part was not seen', judged(makeReport({ 'IX-2': { leftOut: ['a'] } })), /kept, 1 in part \(/, '#2c7a3f'],
  ])('%s', async (_, verification, title, colour) => {
    const svg = await badge(verification);
    expect(/<title>(.*)<\/title>/.exec(svg)?.[1]).toMatch(title);
    expect(svg).toContain(`fill="${colour}"`);
    expect(unbalanced(svg)).toEqual([]);
  });

  it('has nothing in it that is fetched, and no text of the service', async () => {
    const svg = await badge(hostile);
    expect(svg).not.toMatch(/script|href|url\(|alert/);
    expect(svg.replace('http://www.w3.org/2000/svg', '')).not.toContain('http');
  });
});
