import { createRequire } from 'node:module';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Expectations, judge } from '../../contract/judge/judge.ts';
import { auditSarif } from '../../report/audit/sarif.ts';
import { renderReport } from '../../report/verify/render.ts';
import { EVIL, HOSTILE, HOSTILE_WAIVERS, REALISTIC } from '../support/verification.ts';
import { must } from './support/run.ts';
import { workFolder } from './support/service.ts';

const work = workFolder();
afterAll(work.remove);

const EXPECTATIONS: Expectations = {
  waivers: { waivers: [], problems: [] },
  must: [],
  date: '2026-01-02',
  version: '1.0.0',
};
const reports = [
  ['a realistic report', judge(REALISTIC, EXPECTATIONS)],
  ['a hostile one', judge(HOSTILE, { ...EXPECTATIONS, waivers: HOSTILE_WAIVERS })],
] as const;

describe('SARIF and the published schema', () => {
  let errorsOf: (document: unknown) => unknown = () => 'there is no validator';
  let skipped: string | undefined;

  beforeAll(async () => {
    const args = [
      'install',
      '--prefix',
      work.folder,
      '--no-audit',
      '--no-fund',
      '--ignore-scripts',
      '@microsoft/jest-sarif@1.0.0-beta.0',
    ];
    try {
      await must('npm', args);
    } catch (error) {
      skipped = `the schema of SARIF cannot be installed here: ${(error as Error).message.split('\n')[1]}`;
      console.warn(`skipped: ${skipped}`);
      return;
    }
    const load = createRequire(join(work.folder, 'node_modules/@microsoft/jest-sarif/package.json'));
    const Ajv = load('ajv');
    const ajv = new Ajv({ schemaId: 'auto', allErrors: true });
    ajv.addMetaSchema(load('ajv/lib/refs/json-schema-draft-04.json'));
    const validate = ajv.compile(load('./lib/schemas/sarif-2.1.0-rtm.5.json'));
    errorsOf = (document) => (validate(document) ? null : validate.errors);
  });
  beforeEach(({ skip }) => {
    if (skipped !== undefined) skip(skipped);
  });

  test.each(reports)('of a verification: %s', async (_, verification) => {
    const document = JSON.parse(await renderReport(verification, 'sarif'));
    expect(errorsOf(document)).toBeNull();
    expect(errorsOf({ ...document, runs: [{}] })).not.toBeNull();
  });

  test('of an audit', () => {
    const finding = { rule: 'drift/edited', message: EVIL, path: 'src/a b#c?.ts', line: 3 } as const;
    const waived = { ...finding, waived: { reason: EVIL, owner: EVIL, expires: '2999-01-01' } };
    const counts = { unchanged: 0, edited: 1, behind: 0, 'conflict-ahead': 0, missing: 0, extra: 0, new: 0 };
    const lists = { presets: [], files: [], waivers: [], must: [], notes: [] };
    const service = { folder: 'a', name: 'a', answers: {}, counts, ...lists };
    const result = { schema: 1, ok: false, date: '2026-01-02', version: '1.0.0', columns: [], clusters: [] } as const;
    const document = JSON.parse(auditSarif({ ...result, services: [{ ...service, findings: [finding, waived] }] }));
    expect(errorsOf(document)).toBeNull();
  });
});

test.each(reports)('JUnit is read by a parser of XML: %s', async (_, verification) => {
  const script =
    'import sys, xml.dom.minidom as m; d = m.parseString(sys.stdin.buffer.read()); print(len(d.getElementsByTagName("testcase")))';
  const printed = await must('python3', ['-c', script], { input: await renderReport(verification, 'junit') });
  expect(Number(printed)).toBe(verification.results.length + verification.findings.length);
});
