import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'twelve-ci-reports-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const report = join(folder, 'suite.json');
const failed = {
  status: 'failed',
  fullName: 'a service starts',
  failureMessages: ['\u001b[31mError: no port\u001b[39m'],
};
writeFileSync(
  report,
  JSON.stringify({
    numPassedTests: 2,
    numFailedTests: 1,
    testResults: [
      { name: '/clone/a.test.ts', status: 'failed', message: '', assertionResults: [failed, { status: 'passed' }] },
      { name: '/clone/b.test.ts', status: 'failed', message: 'cannot be loaded', assertionResults: [] },
      { name: '/clone/c.test.ts', status: 'passed', message: '', assertionResults: [{ status: 'passed' }] },
    ],
  }),
);

const run = (program: string, ...files: string[]) =>
  execFileSync(process.execPath, [join(import.meta.dirname, '../../.ci', program), ...files], { encoding: 'utf8' });

describe('what the CI run says at its end', () => {
  it('counts tests, and a file that cannot be loaded as one failure', () => {
    expect(run('count.mjs', report)).toBe('2 2\n');
    expect(run('count.mjs', join(folder, 'none.json'))).toBe('0 1\n');
  });

  it('names each failed test with its message', () => {
    expect(run('failures.mjs', report)).toBe(
      'failed: suite: a.test.ts > a service starts\n  Error: no port\nfailed: suite: /clone/b.test.ts\n  cannot be loaded\n',
    );
    expect(run('failures.mjs', join(folder, 'none.json'))).toBe('failed: none: the suite left no report\n');
  });
});
