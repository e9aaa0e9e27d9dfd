import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { HtmlRenderer, Parser } from 'commonmark';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { labelled, wrap } from '../../bin/reports/wrap.ts';
import { escapeXml } from '../../bin/reports/xml.ts';
import { REPORT_FORMATS, renderReport } from '../../bin/verify/render.ts';
import { judge } from '../../contract/judge.ts';
import { rules } from '../../contract/rules/index.ts';
import { wantsColour } from '../../engine/io/terminal.ts';
import {
  broken,
  EVIL,
  HOSTILE,
  HOSTILE_WAIVERS,
  makeReport,
  REALISTIC,
  unexpected,
  waiverOf,
} from '../support/verification.ts';

/** Escape sequences and reversed text. */
const INVISIBLE = /(?!\n)[\p{Cc}\p{Cf}]/u;
const DAY = { date: '2026-01-02', version: '1.0.0', must: [] };
const hostile = judge(HOSTILE, { ...DAY, waivers: HOSTILE_WAIVERS });
const good = judge(makeReport(), { ...DAY, waivers: { waivers: [], problems: [] } });
const realistic = judge(REALISTIC, {
  ...DAY,
  waivers: { waivers: [waiverOf('H-2'), waiverOf('S-1')], problems: [] },
});

/** Names of tags that are not closed, or that close what is not open. */
function unbalanced(markup: string, empty: readonly string[] = []): string[] {
  const open: string[] = [];
  const wrong: string[] = [];
  for (const [, slash, tag = '', end] of markup.matchAll(/<(\/?)([a-z0-9-]+)(?:\s[^<>]*?)?(\/?)>/g)) {
    if (empty.includes(tag) || end === '/') continue;
    if (slash === '') open.push(tag);
    else if (open.pop() !== tag) wrong.push(tag);
  }
  return [...wrong, ...open];
}

describe.each(REPORT_FORMATS)('as %s', (format) => {
  it('shows no control character and no reversed text, whatever a service said', async () => {
    const text = await renderReport(hostile, format);
    expect(text).not.toMatch(INVISIBLE);
    expect(text).toContain('IX-2');
  });

  it('says what is broken, what is waived and what was not looked at', async () => {
    const text = await renderReport(realistic, format);
    expect(text).toContain('exit 143 after 6 ms');
    expect(text).toContain('team-payments');
    if (format !== 'sarif') expect(text).toContain('the target is not an image');
  });

  it('is the same for the same verification', async () => {
    expect(await renderReport(realistic, format)).toBe(await renderReport(realistic, format));
  });
});

describe('as text', () => {
  it('fits 80 columns, with words of any length', async () => {
    const long = 'w'.repeat(500);
    const report = makeReport({ 'IX-2': broken(unexpected(long, `${long} ${long}`, EVIL.repeat(9))) }, { name: long });
    for (const verification of [
      judge(report, { ...DAY, waivers: { waivers: [], problems: [] } }),
      hostile,
      realistic,
    ]) {
      const lines = (await renderReport(verification, 'text')).split('\n');
      expect(lines.filter((line) => [...line].length > 80)).toEqual([]);
    }
  });

  it('has a line a factor with its numbers and its picture, and ends with what to do', async () => {
    const text = await renderReport(realistic, 'text');
    expect(text).toMatch(/^III\. Config +3 +1 +\. +\. {2}X### +III-1$/m);
    expect(text).toMatch(/^V\. Build, release, run +\. +\. +\. +3 {2}---$/m);
    expect(text).toMatch(/^HTTP +3 +\. +1 +\. {2}#w##! +H-5$/m);
    expect(text.split('\n').slice(-3).join('\n')).toMatch(/4 of 34 MUST rules are broken\.\nNext to mend: III-1 /);
    expect(await renderReport(good, 'text')).toMatch(/keeps the contract: (\d+) of \1 MUST rules kept\.$/);
  });

  it('counts observations that are too many to read', async () => {
    expect(await renderReport(hostile, 'text')).toContain('and 3 more');
  });

  it('is coloured only when told, and is the same text', async () => {
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

describe('as JSON', () => {
  const schema = JSON.parse(readFileSync(new URL('../../docs/verification.schema.json', import.meta.url), 'utf8'));
  const validate = new Ajv2020({ allErrors: true }).compile(schema);

  it.each([
    ['hostile', hostile],
    ['good', good],
    ['realistic', realistic],
  ])('keeps to its documented schema: %s', async (_, verification) => {
    const document = JSON.parse(await renderReport(verification, 'json'));
    validate(document);
    expect(validate.errors).toBeNull();
    expect(validate({ ...document, schema: 2 })).toBe(false);
  });

  it('has everything as it was seen, and nothing of the environment', async () => {
    const document = JSON.parse(await renderReport(hostile, 'json'));
    const { results, summary } = document;
    expect(results).toHaveLength(rules.length);
    const result = results.find(({ id }: { id: string }) => id === 'IX-2');
    expect(result.evidence).toHaveLength(8);
    expect(result.evidence[0].got).toBe(EVIL);
    expect(summary.toMend).toEqual(['IX-2', 'H-5']);
    expect(Object.keys(document.target)).toEqual(['name', 'kind']);
  });
});

describe('as SARIF 2.1.0', () => {
  interface Sarif {
    version: string;
    runs: { tool: { driver: { rules: { id: string }[] } }; results: Record<string, never>[] }[];
  }
  const sarif = async (location?: string) =>
    JSON.parse(await renderReport(hostile, 'sarif', location === undefined ? {} : { location })) as Sarif;

  it('has broken rules and problems with waivers, and no result for what is kept', async () => {
    const [run] = (await sarif()).runs;
    expect(run?.results.map(({ ruleId, level }) => `${ruleId} ${level}`)).toEqual([
      'IX-2 error',
      'IX-3 note',
      'H-5 warning',
      'waiver/malformed error',
      'waiver/expired error',
    ]);
    for (const result of run?.results ?? [])
      expect(run?.tool.driver.rules[result.ruleIndex as never]?.id).toBe(result.ruleId);
    expect(run?.results[1]).toMatchObject({ suppressions: [{ kind: 'external', status: 'accepted' }] });
  });

  it('shows them at a file, waivers at their line beside it', async () => {
    const at = (await sarif('services/orders/Dockerfile')).runs[0]?.results.map(({ locations }) => locations?.[0]);
    expect(at).toMatchObject([
      { physicalLocation: { artifactLocation: { uri: 'services/orders/Dockerfile' } } },
      {},
      {},
      {
        physicalLocation: {
          artifactLocation: { uri: 'services/orders/.twelve-waivers.yaml' },
          region: { startLine: 3 },
        },
      },
      {},
    ]);
  });

  it('makes no link and no argument of what a service said', async () => {
    const messages = JSON.stringify((await sarif()).runs[0]?.results.map(({ message }) => message));
    expect(messages).not.toMatch(/\]\(|\{\d+\}/);
  });
});

describe('as JUnit', () => {
  it('is well-formed, with a suite a factor and a case a rule', async () => {
    const xml = await renderReport(hostile, 'junit');
    expect(unbalanced(xml.replace(/^<\?xml.*\?>/, ''))).toEqual([]);
    expect(xml.replace(/<\/?[a-z-]+(?: [a-z]+="[^"<]*")*\/?>|<\?xml[^<>]*\?>/g, '')).not.toMatch(/[<>"']/);
    expect(xml.replace(/&(amp|lt|gt|quot|#39);/g, '')).not.toContain('&');
    expect(xml).not.toMatch(/[\uFFFE\uFFFF]/);
    expect(xml.match(/<testcase /g)).toHaveLength(rules.length + 2);
    expect(xml.match(/<testsuite /g)).toHaveLength(new Set(rules.map(({ factor }) => factor)).size + 1);
  });

  it('fails for MUST rules and waivers; advice, what is waived and what was not looked at are skipped with a reason', async () => {
    const xml = await renderReport(hostile, 'junit');
    const cases = xml.split('<testcase ').slice(1);
    const withTag = (tag: string) =>
      cases.filter((one) => one.includes(`<${tag} `)).map((one) => / name="([^" ]+)/.exec(one)?.[1]);
    expect(withTag('failure')).toEqual(['IX-2', 'waiver/malformed', 'waiver/expired']);
    expect(withTag('skipped')).toEqual(['II-1', 'IX-3', 'H-5']);
    expect(xml).toMatch(/^<testsuites name="[^"]*" tests="42" failures="3" errors="0" skipped="3" time="24\.137">$/m);
  });

  it('writes what XML cannot, as text', () => {
    expect(escapeXml('a\uFFFF\u0000\n<b a="1">')).toBe('a&lt;U+FFFF&gt;&lt;U+0000&gt;\n&lt;b a=&quot;1&quot;&gt;');
  });
});

describe('as Markdown', () => {
  const html = (markdown: string) => new HtmlRenderer().render(new Parser().parse(markdown));

  it('what a service said stands in code, and nowhere else', async () => {
    const page = html(await renderReport(hostile, 'markdown'));
    expect(page).toContain('alert(&quot;1&quot;)');
    const prose = page.replace(/<code[^>]*>.*?<\/code>/gs, '');
    expect(prose).not.toMatch(/alert|@team|javascript|<img|<a |<h1/);
    expect(unbalanced(prose, ['br', 'hr'])).toEqual([]);
  });

  it('fits a comment, and says what did not', async () => {
    const evidence = Array.from({ length: 5 }, () => unexpected('x'.repeat(900), 'y'.repeat(900), 'z'.repeat(900)));
    const all = Object.fromEntries(rules.map(({ id }) => [id, broken(...evidence)]));
    const markdown = await renderReport(
      judge(makeReport(all), { ...DAY, waivers: { waivers: [], problems: [] } }),
      'markdown',
    );
    expect(markdown.length).toBeLessThan(65_536);
    expect(markdown).toMatch(/\d+ more parts are too long/);
    expect(markdown).toContain('| I. Codebase | ❌ I-1 |');
  });
});

describe('as a page', () => {
  it('nothing of a service becomes markup, and nothing is fetched', async () => {
    const html = await renderReport(hostile, 'html');
    expect(html.match(/<script/g)).toHaveLength(1);
    expect(html).not.toContain('alert("1")');
    expect(html).not.toMatch(/\b(src|href)=(?!"#)|url\(|@import|fetch\(/);
    expect(html).toContain('default-src &#39;none&#39;');
    expect(html).toContain('&lt;script&gt;');
    const markup = html.replace(/<(script|style)>.*?<\/\1>/gs, '');
    expect(unbalanced(markup, ['meta', 'br', 'input'])).toEqual([]);
  });

  it('has a row a rule, which its chip leads to', async () => {
    const html = await renderReport(realistic, 'html');
    for (const { id } of rules) {
      expect(html).toContain(`id="${id}"`);
      expect(html).toContain(`href="#${id}"`);
    }
  });
});
