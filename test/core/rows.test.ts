import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';

const root = join(import.meta.dirname, '../..');
const suites = join(root, 'test/e2e');
const rows = JSON.stringify(join(suites, 'support/rows.ts'));

/** What vitest says of a suite with these rows: the exit code, and each test with its state. */
function tried(expression: string, share: string): { code: number | null; tests: [title: string, state: string][] } {
  const folder = mkdtempSync(join(tmpdir(), 'twelve-rows-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(
    join(folder, 'a.test.ts'),
    `import { rowsHere, rowsOf } from ${rows};
     describe.each(${expression})('%s', () => test('runs', () => undefined));`,
  );
  const report = join(folder, 'report.json');
  const vitest = join(root, 'node_modules/vitest/vitest.mjs');
  const args = [vitest, 'run', '--root', folder, '--globals', '--reporter', 'json', '--outputFile', report];
  const { status } = spawnSync(process.execPath, args, { env: { ...process.env, TWELVE_SHARE: share } });
  const { testResults } = JSON.parse(readFileSync(report, 'utf8')) as {
    testResults: { assertionResults: { fullName: string; status: string }[] }[];
  };
  const found = testResults.flatMap(({ assertionResults }) => assertionResults);
  return { code: status, tests: found.map(({ fullName, status: state }) => [fullName, state]) };
}

describe('the rows of a suite', () => {
  it('are those of the share', () => {
    expect(tried("rowsOf(['a', 'b'], 'letters', 2)", '2')).toEqual({ code: 0, tests: [['b runs', 'passed']] });
  });

  it('are one skipped test where the share is empty: vitest calls a file without a test broken', () => {
    expect(tried("rowsOf(['a'], 'letters', 2)", '2')).toEqual({
      code: 0,
      tests: [['letters: none is in this share', 'skipped']],
    });
  });

  it('are those that the machine can run, or one skipped test', () => {
    const whyNot = "(row) => (row === 'b' ? 'no b' : undefined)";
    expect(tried(`rowsHere(['a', 'b'], 'letters', ${whyNot})`, 'all').tests).toEqual([['a runs', 'passed']]);
    expect(tried(`rowsHere(['b'], 'letters', ${whyNot})`, 'all')).toEqual({
      code: 0,
      tests: [['letters: this machine can run none', 'skipped']],
    });
  });

  it('of every end-to-end suite come from there', () => {
    const files = readdirSync(suites).filter((name) => name.endsWith('.e2e.ts'));
    expect(files.length).toBeGreaterThan(20);
    expect(files.filter((name) => readFileSync(join(suites, name), 'utf8').includes('shareOf('))).toEqual([]);
  });
});
