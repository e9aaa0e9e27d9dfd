import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { rules } from '../../contract/rules/index.ts';
import { escapeXml } from '../../report/parts/xml.ts';
import { renderReport } from '../../report/verify/render.ts';
import { unbalanced } from '../support/markup.ts';
import { EVIL, good, hostile, judged, makeReport, nothingSeen, realistic } from '../support/verification.ts';

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
    expect(validate({ ...document, schema: 1 })).toBe(false);
  });

  it('has all observations, and nothing from the environment', async () => {
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

  it('shows them at a file, and waivers at their line', async () => {
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

  it('notes what is kept in part, and makes no finding of it', async () => {
    const text = await renderReport(judged(makeReport({ 'H-2': { leftOut: ['needs a route'] } })), 'sarif');
    const [run] = (JSON.parse(text) as Sarif).runs;
    expect(run?.results).toEqual([]);
    expect(run).toMatchObject({
      invocations: [
        {
          executionSuccessful: true,
          toolExecutionNotifications: [
            {
              level: 'note',
              message: { text: 'Kept in part.\nNot looked at: needs a route' },
              associatedRule: { id: 'H-2' },
            },
          ],
        },
      ],
    });
  });

  it('has no place where no file is known', async () => {
    const results = (await sarif()).runs[0]?.results ?? [];
    expect(results.filter(({ locations }) => locations !== undefined).map(({ ruleId }) => ruleId)).toEqual([
      'waiver/malformed',
      'waiver/expired',
    ]);
    expect(results[0]?.partialFingerprints).toEqual({ 'twelve/v1': 'IX-2' });
  });

  it('has what GitHub asks for', async () => {
    const [run] = (await sarif('Dockerfile')).runs;
    const ids = run?.tool.driver.rules.map(({ id }) => id) ?? [];
    expect(new Set(ids).size).toBe(ids.length);
    for (const rule of (run?.tool.driver.rules ?? []) as Record<string, unknown>[])
      expect(rule).toMatchObject({ shortDescription: { text: expect.stringMatching(/./) }, defaultConfiguration: {} });
    for (const { message, level, locations, partialFingerprints } of (run?.results ?? []) as Record<
      string,
      unknown
    >[]) {
      expect(message).toMatchObject({ text: expect.stringMatching(/./) });
      expect(['error', 'warning', 'note']).toContain(level);
      expect(locations).toMatchObject([
        { physicalLocation: { artifactLocation: { uri: expect.stringMatching(/^[^:]+$/) } } },
      ]);
      expect(typeof (partialFingerprints ?? {})).toBe('object');
    }
  });

  it('recognises a finding again, whatever the tag of the image', async () => {
    const prints = async (name: string) => {
      const text = await renderReport(judged(makeReport({ 'IX-2': { outcome: 'broken' } }, { name })), 'sarif', {
        location: 'services/orders/Dockerfile',
      });
      return (JSON.parse(text) as Sarif).runs[0]?.results.map(({ partialFingerprints }) => partialFingerprints);
    };
    expect(await prints('orders:1a2b3c')).toEqual([{ 'twelve/v1': 'services/orders/Dockerfile IX-2' }]);
    expect(await prints('orders:4d5e6f')).toEqual(await prints('orders:1a2b3c'));
  });

  it('is not empty if nothing could be checked', async () => {
    const text = await renderReport(judged(nothingSeen), 'sarif', { location: 'a/Dockerfile' });
    expect((JSON.parse(text) as Sarif).runs[0]?.results).toMatchObject([
      {
        ruleId: 'verify/nothing',
        level: 'error',
        locations: [{ physicalLocation: { artifactLocation: { uri: 'a/Dockerfile' } } }],
      },
    ]);
  });

  it('makes no link and no placeholder from the output of a service', async () => {
    const messages = JSON.stringify((await sarif()).runs[0]?.results.map(({ message }) => message));
    expect(messages).not.toMatch(/\]\(|\{\d+\}/);
  });
});

describe('as JUnit', () => {
  it('is well-formed, with one suite for each factor and one case for each rule', async () => {
    const xml = await renderReport(hostile, 'junit');
    expect(unbalanced(xml.replace(/^<\?xml.*\?>/, ''))).toEqual([]);
    expect(xml.replace(/<\/?[a-z-]+(?: [a-z]+="[^"<]*")*\/?>|<\?xml[^<>]*\?>/g, '')).not.toMatch(/[<>"']/);
    expect(xml.replace(/&(amp|lt|gt|quot|#39);/g, '')).not.toContain('&');
    expect(xml).not.toMatch(/[\uFFFE\uFFFF]/);
    expect(xml.match(/<testcase /g)).toHaveLength(rules.length + 2);
    expect(xml.match(/<testsuite /g)).toHaveLength(new Set(rules.map(({ factor }) => factor)).size + 1);
  });

  it('fails for MUST rules and waivers; advice, waived rules and rules that were not checked are skipped with a reason', async () => {
    const xml = await renderReport(hostile, 'junit');
    const cases = xml.split('<testcase ').slice(1);
    const withTag = (tag: string) =>
      cases.filter((one) => one.includes(`<${tag} `)).map((one) => / name="([^" ]+)/.exec(one)?.[1]);
    expect(withTag('failure')).toEqual(['IX-2', 'waiver/malformed', 'waiver/expired']);
    expect(withTag('skipped')).toEqual(['II-1', 'IX-3', 'H-5']);
    const totals = `tests="${rules.length + 2}" failures="3" errors="0" skipped="3" time="24.137"`;
    expect(/<testsuites [^>]*>/.exec(xml)?.[0]).toContain(totals);
  });

  it('names cases without the target, and by factor', async () => {
    const cases = async (name: string) =>
      (await renderReport(judged(makeReport({}, { name })), 'junit')).match(/classname="[^"]*" name="[^"]*"/g);
    expect(await cases('orders:1a2b3c')).toEqual(await cases('orders:4d5e6f'));
    expect((await cases('orders'))?.[0]).toMatch(/^classname="contract\.I Codebase" name="I-1 /);
  });

  it('says what was not checked of a rule, and that it was checked twice', async () => {
    const report = makeReport({ 'H-2': { leftOut: ['needs a <route>'] }, 'S-1': { outcome: 'broken', again: true } });
    const cases = (await renderReport(judged(report), 'junit')).split('<testcase ');
    const [h2, s1] = ['H-2 ', 'S-1 '].map((id) => cases.find((one) => one.includes(`name="${id}`)));
    expect(h2).toContain('<property name="outcome" value="kept in part"/>');
    expect(h2).toContain('<system-out>Not looked at: needs a &lt;route&gt;</system-out>');
    expect(s1).toContain('Looked at twice: S-1 was at first broken, or close to a limit');
  });

  it('fails if nothing could be checked', async () => {
    const xml = await renderReport(judged(nothingSeen), 'junit');
    expect(xml).toContain('failures="1"');
    expect(xml).toMatch(
      /name="verify\/nothing"[^>]*>\s*<failure type="MUST" message="no MUST rule could be looked at"/,
    );
  });

  it('writes characters that XML cannot contain as text', () => {
    expect(escapeXml('a\uFFFF\u0000\n<b a="1">')).toBe('a&lt;U+FFFF&gt;&lt;U+0000&gt;\n&lt;b a=&quot;1&quot;&gt;');
  });
});
