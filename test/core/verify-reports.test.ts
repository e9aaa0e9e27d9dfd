import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
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

describe.each(REPORT_FORMATS)('as %s', (format) => {
  it('shows no control character and no reversed text from the output of a service', async () => {
    const text = await renderReport(hostile, format);
    expect(text).not.toMatch(INVISIBLE);
    expect(text).toContain('IX-2');
  });

  it('says what is broken, what is waived and what was not checked', async () => {
    const text = await renderReport(realistic, format);
    expect(text).toContain('exit 143 after 6 ms');
    expect(text).toContain('team-payments');
    if (format !== 'sarif') expect(text).toContain('the target is not an image');
  });

  it('says what was checked twice, even if it was kept in the end', async () => {
    const twice = await renderReport(judged(makeReport({ 'S-1': { again: true } })), format);
    if (format === 'json') expect(twice).toContain('"again": true');
    else if (format !== 'sarif' && format !== 'junit') expect(twice).toMatch(/S-1: broken at first/);
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
    expect(text).toMatch(/^III\. Config +3 +1 +\. +\. {2}X### +III-1$/m);
    expect(text).toMatch(/^V\. Build, release, run +\. +\. +\. +3 {2}---$/m);
    expect(text).toMatch(/^HTTP +4 +\. +1 +\. {2}#w##!# +H-5$/m);
    expect(text.split('\n').slice(-3).join('\n')).toMatch(/4 of 35 MUST rules are broken\.\nNext to mend: III-1 /);
    expect(await renderReport(good, 'text')).toMatch(/keeps the contract: (\d+) of \1 MUST rules kept\.$/);
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

  it('says which rules were checked in part', async () => {
    const text = await renderReport(judged(makeReport({ 'H-2': { leftOut: ['bodies: no route takes one'] } })), 'text');
    expect(text).toContain('H-2 (in part): bodies: no route takes one');
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
