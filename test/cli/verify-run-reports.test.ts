// @module-tag sampled
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { makeFolder, removeFolder, write } from '../support/folder.ts';
import { run } from '../support/program.ts';

/** What one run of `verify` leaves: several reports, and what later runs make of one. */
const folder = makeFolder();
afterAll(() => removeFolder(folder));

write(folder, {
  'plain/Dockerfile': 'FROM scratch\n',
  'plain/server.js': `require('node:http')
    .createServer((request, response) => response.writeHead(request.url === '/' ? 200 : 404).end('x'))
    .listen(Number(process.env.PORT), '127.0.0.1');`,
});

const service = ['plain', '--cmd', 'node server.js', '--live', '/', '--ready', '/', '--profile', 'house'];
const verify = (...args: string[]) => run(['verify', ...service, ...args], { cwd: folder });
const read = (name: string) => readFileSync(join(folder, name), 'utf8');

it('writes several reports, and compares later runs with one of them', async () => {
  const files = ['json=report.json', 'sarif=report.sarif', 'badge=badge.svg'].flatMap((file) => ['--report', file]);
  const first = await verify('--rule', 'IX-1,H-3,H-4', '--format', 'github', ...files);
  expect(first.code, first.stderr).toBe(4);
  expect(first.stdout).toMatch(/^::error file=plain\/Dockerfile,title=H-3 HTTP::/m);
  expect(JSON.parse(read('report.json'))).toMatchObject({
    schema: 2,
    profile: 'house',
    summary: { toMend: ['H-3', 'H-4'] },
  });
  expect(read('report.sarif')).toContain('"uri": "plain/Dockerfile"');
  expect(read('badge.svg')).toContain('>1 of 3 kept<');
  expect(readdirSync(folder).sort()).toEqual(['badge.svg', 'plain', 'report.json', 'report.sarif']);

  const again = await verify('--only-failed', 'report.json', '--baseline', 'report.json');
  expect(again.code, again.stderr).toBe(0);
  expect(again.stdout).toMatch(/^HTTP +\. +\. +2 +\. {2}==/m);
  expect(again.stdout).toContain('is no worse than the baseline');
  expect(again.stdout).not.toContain('IX. Disposability');

  const worse = await verify('--rule', 'H-3,H-5,H-2', '--baseline', 'report.json', '--format', 'json');
  expect(worse.code, worse.stderr).toBe(4);
  expect(JSON.parse(worse.stdout).summary.toMend).toEqual(['H-2', 'H-5']);
});

it('refuses what it cannot write or read before anything is started', async () => {
  for (const [option, said] of [
    [['--report', 'json=nowhere/report.json'], 'is in no folder that is there'],
    [['--baseline', 'none.json'], '--baseline none.json cannot be read'],
    [['--only-failed', 'plain/server.js'], 'is not JSON'],
  ] as const) {
    const { code, stderr, stdout } = await verify(...option);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(said);
    expect(stderr).not.toContain('starting');
  }
  expect(existsSync(join(folder, 'nowhere'))).toBe(false);
});
