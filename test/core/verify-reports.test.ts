import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Baseline } from '../../contract/judge/baseline.ts';
import { rules } from '../../contract/rules/index.ts';
import type { Report } from '../../contract/verify.ts';
import { wantsColour } from '../../engine/io/terminal.ts';
import { labelled, wrap } from '../../report/parts/wrap.ts';
import { REPORT_FORMATS, renderReport } from '../../report/verify/render.ts';
import {
  broken,
  EVIL,
  good,
  hostile,
  judged,
  makeReport,
  nothingSeen,
  realistic,
  unexpected,
} from '../support/verification.ts';

/** Escape sequences and reversed text. */
const INVISIBLE = /(?!\n)[\p{Cc}\p{Cf}]/u;

it.each(REPORT_FORMATS)('as %s it has no control character and no reversed text of a service', async (format) => {
  const text = await renderReport(hostile, format);
  expect(text).not.toMatch(INVISIBLE);
  expect(text).toContain(format === 'badge' ? 'kept' : 'IX-2');
});

it.each(REPORT_FORMATS)(
  'as %s it says which profile it was held against, and how many rules that has',
  async (format) => {
    const text = await renderReport(realistic, format);
    expect(text).toMatch(/house/);
    expect(text).toContain(String(rules.length));
  },
);

/** Formats that say something of every rule. */
const WHOLE = REPORT_FORMATS.filter((format) => format !== 'github' && format !== 'badge');

describe.each(WHOLE)('as %s', (format) => {
  it('says what is broken, what is waived and what was not checked', async () => {
    const text = await renderReport(realistic, format);
    expect(text).toContain('exit 143 after 6 ms');
    expect(text).toContain('team-payments');
    if (format !== 'sarif') expect(text).toContain('the target is not an image');
  });

  it('says what was checked twice, even if it was kept in the end', async () => {
    const twice = await renderReport(judged(makeReport({ 'S-1': { again: true } })), format);
    if (format === 'json') expect(twice).toContain('"again": true');
    else if (format !== 'sarif' && format !== 'junit')
      expect(twice).toMatch(/S-1: at first broken, or close to a limit/);
  });

  it('tells what is kept in part from what is kept', async () => {
    const text = await renderReport(judged(makeReport({ 'H-2': { leftOut: ['bodies: no route takes one'] } })), format);
    expect(text).toContain('bodies: no route takes one');
    expect(text).toMatch(format === 'json' ? /"id": "H-2",[^}]*"outcome": "partly"/ : /in part/i);
  });

  it('tells what is known from what is broken', async () => {
    const report = makeReport({ 'IX-2': broken(unexpected('a', 'b', 'it is known')) });
    const baseline: Baseline = {
      date: '2025-12-24',
      profile: 'house',
      rules: new Map([['IX-2', { outcome: 'broken', isWaived: false }]]),
    };
    const text = await renderReport(judged(report, undefined, { baseline }), format);
    expect(text).toContain('it is known');
    expect(text).toMatch(format === 'sarif' ? /"baselineState": "unchanged"/ : /known/);
    expect(await renderReport(judged(report), format)).not.toMatch(
      /"known": true|baselineState|= known|in the baseline/,
    );
  });

  it('is the same for the same verification', async () => {
    expect(await renderReport(realistic, format)).toBe(await renderReport(realistic, format));
  });
});

describe('as text', () => {
  it('fits 80 columns, with words of any length', async () => {
    const long = 'w'.repeat(500);
    const report = makeReport({ 'IX-2': broken(unexpected(long, `${long} ${long}`, EVIL.repeat(9))) }, { name: long });
    for (const verification of [judged(report), hostile, realistic]) {
      const lines = (await renderReport(verification, 'text')).split('\n');
      expect(lines.filter((line) => [...line].length > 80)).toEqual([]);
    }
  });

  it('has a line for each factor with numbers and signs, and ends with what to do', async () => {
    const text = await renderReport(realistic, 'text');
    expect(text).toMatch(/^III\. Config +4 +1 +\. +\. {2}X##### +III-1$/m);
    expect(text).toMatch(/^V\. Build, release, run +\. +\. +\. +3 {2}---$/m);
    expect(text).toMatch(/^HTTP +4 +\. +1 +\. {2}#w##!# +H-5$/m);
    const must = rules.filter(({ level }) => level === 'MUST').length;
    const skippedMust = 5;
    const end = text.split('\n').slice(-4).join('\n');
    expect(end).toContain(
      `4 of ${must - skippedMust} MUST rules are broken; 5 rules were\nnot looked at.\nNext to mend: III-1 `,
    );
    expect(await renderReport(good, 'text')).toMatch(/keeps the contract: (\d+) of \1 MUST rules kept\.$/);
    const one = judged(makeReport({ 'H-5': { outcome: 'skipped', reason: 'no route' } }));
    expect(await renderReport(one, 'text')).toMatch(/MUST rules kept; 1 rule was not looked at\.$/);
  });

  it('shows lines of a service beside each other, and no sign of a line break that was not there', async () => {
    const [trace, ended] = ['Error: no\n    at main (a.js:1:2)', 'web ended with exit 1:\nno "PORT\\n"'];
    const report = makeReport({ 'IX-1': broken(unexpected('a', 'b', trace), unexpected('a', 'b', ended)) });
    const text = await renderReport(judged(report), 'text');
    expect(text).toContain('got       Error: no | at main (a.js:1:2)\n');
    expect(text).toContain('got       web ended with exit 1: no "PORT\\n"\n');
  });

  it('says when nothing is proven, and when only some rules were requested', async () => {
    const { results } = makeReport();
    const text = (of: Report) => renderReport(judged(of), 'text');
    expect(await text(nothingSeen)).toMatch(/Nothing is verified: no MUST rule could be looked at in orders\.$/);
    const advice = results.filter(({ rule }) => rule.id === 'H-5');
    const said = 'orders: 1 of 1 SHOULD rule kept; no MUST rule was asked for.';
    expect((await text({ ...makeReport(), results: advice })).split('\n').at(-1)).toBe(said);
  });

  it('says what was cut short', async () => {
    const cut = { cut: 'the time was over' };
    const skipped = { 'IX-2': { outcome: 'skipped', reason: cut.cut } } as const;
    const last = async (report: Report) => (await renderReport(judged(report), 'text')).split('\n').slice(-2).join(' ');
    expect(await last(makeReport(skipped, {}, cut))).toMatch(
      /orders is not verified to the end: \d+ MUST rules kept, 1 not looked at\.$/,
    );
    const report = makeReport({ ...skipped, 'IX-3': broken(unexpected('a', 'b', 'c')) }, {}, cut);
    expect(await renderReport(judged(report), 'text')).toMatch(
      /1 of \d+ MUST rules is broken; it was not\nlooked at to the end/,
    );
  });

  it('says which rules are kept in part, and counts them', async () => {
    const text = await renderReport(judged(makeReport({ 'H-2': { leftOut: ['bodies: no route takes one'] } })), 'text');
    expect(text).toContain('H-2 (in part): bodies: no route takes one');
    expect(text).toMatch(/^MUST rules +kept {2}in part {2}broken {2}skipped {2}rules/m);
    expect(text).toMatch(/^HTTP +4 +1 +\. +\. {2}#~####$/m);
    expect(text).toMatch(/(\d+) of \1 MUST rules kept, 1 of them in\s+part\.$/);
  });

  it('counts observations that are too many to read', async () => {
    expect(await renderReport(hostile, 'text')).toContain('and 3 more');
  });

  it('has colours only if requested, and the same text', async () => {
    const coloured = await renderReport(realistic, 'text', { colour: true });
    expect(coloured).toContain('\u001b[');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are control characters
    expect(coloured.replace(/\u001b\[\d+m/g, '')).toBe(await renderReport(realistic, 'text'));
  });

  it.each<[env: Record<string, string>, isTerminal: boolean, wanted: boolean]>([
    [{}, true, true],
    [{}, false, false],
    [{ NO_COLOR: '1' }, true, false],
    [{ NO_COLOR: '' }, true, true],
    [{ NO_COLOR: '1', FORCE_COLOR: '1' }, true, false],
    [{ FORCE_COLOR: '1' }, false, true],
    [{ FORCE_COLOR: '0' }, true, false],
    [{ TERM: 'dumb' }, true, false],
  ])('with %j, a terminal %s: colours %s', (env, isTerminal, wanted) => {
    expect(wantsColour(env, isTerminal)).toBe(wanted);
  });

  it('wraps without losing a word', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', 'b', ' ', '😀') }),
        fc.integer({ min: 1, max: 20 }),
        (text, width) => {
          const lines = wrap(text, width);
          expect(lines.every((line) => [...line].length <= width)).toBe(true);
          expect(lines.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''));
        },
      ),
    );
    expect(labelled('got  ', 'one two', { indent: '  ', width: 11 })).toEqual(['  got  one', '       two']);
  });
});
