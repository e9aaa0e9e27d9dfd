// @module-tag sampled
import { cpSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Contents, makeFolder, removeFolder, snapshot, temporaryFolder, write } from '../support/folder.ts';
import { create, inFolder, preset, smallProgram } from '../support/preset.ts';
import { run } from '../support/program.ts';

/** What `audit` and `rehearse` say of a fleet: answers, effort, trend, links, and the page of a rehearsal. */

const { program, remove } = smallProgram();
const home = makeFolder();
afterAll(() => {
  remove();
  removeFolder(home);
});

const PAGE = 'one\ntwo\nthree\nfour\nfive\n';
const QUESTIONS =
  'questions:\n  - { name: team, message: Team, type: string, maxLength: 60 }\n  - { name: tier, message: Tier, type: string, maxLength: 60, default: silver }\nownership: [["kept.md", managed]]\nlayers: [{path: base}]';

const standard = (version: string, page: string): Contents =>
  preset(QUESTIONS, { 'base/page.md': page, 'base/kept.md': 'kept\n' }, `name: "@acme/standard"\nversion: ${version}`);

beforeAll(async () => {
  write(home, inFolder('preset', standard('1.0.0', PAGE)));
  for (const [name, team] of [
    ['clean', 'payments'],
    ['conflict', 'checkout'],
    ['gone', 'checkout'],
  ] as const) {
    const made = await create(['--dir', name, '--team', team], { cwd: home, program });
    expect(made.code, made.stderr).toBe(0);
  }
  write(home, inFolder('preset', standard('1.1.0', PAGE.replace('one', 'ONE'))));
  const newer = await create(['--dir', 'newer', '--team', 'payments'], { cwd: home, program });
  expect(newer.code, newer.stderr).toBe(0);
  write(home, {
    ...inFolder('preset', standard('2.0.0', PAGE.replace('three', 'THREE'))),
    ...inFolder('next', standard('3.0.0', PAGE.replace('three', 'NEXT'))),
    'conflict/page.md': PAGE.replace('three', 'ours'),
    'newer/page.md': PAGE.replace('one', 'ONE').replace('three', 'ours'),
    'gone/.twelve.json': '{',
    'fleet.txt': 'clean\nconflict\ngone\nnewer\n',
  });
});

/** A copy of the fleet, in which a test may write. */
function fleet(more: Contents = {}): string {
  const cwd = temporaryFolder();
  cpSync(home, cwd, { recursive: true });
  write(cwd, more);
  return cwd;
}

async function audit(cwd: string, ...args: string[]) {
  const before = snapshot(cwd);
  const result = await run(['audit', '--from', 'fleet.txt', ...args], { cwd, program });
  expect(snapshot(cwd)).toEqual(before);
  return result;
}

async function auditJson(cwd: string, ...args: string[]) {
  const { code, stdout, stderr } = await audit(cwd, '--format', 'json', ...args);
  return { code, stderr, report: stdout === '' ? undefined : JSON.parse(stdout) };
}

const about = (report: { services: { folder: string }[] }, folder: string) =>
  report.services.find((one) => one.folder === folder);

describe('an audit of a fleet', () => {
  it('has the answers of each service, and groups by what presets ask', async () => {
    const { code, report } = await auditJson(fleet());
    expect([code, report.columns]).toEqual([4, ['team']]);
    expect(about(report, 'clean')).toMatchObject({
      answers: { team: 'payments', tier: 'silver', database: 'postgres' },
    });
    expect(about(report, 'gone')).toMatchObject({ answers: {}, state: 'unreadable' });
    expect(report.summary.groups).toMatchObject({
      by: 'team',
      values: [
        { value: 'payments', services: 2 },
        { value: '', services: 1 },
        { value: 'checkout', services: 1 },
      ],
    });
  });

  it('shows other answers with --columns, and refuses one that no service has: 2', async () => {
    const { report } = await auditJson(fleet(), '--columns', 'database, tier');
    expect([report.columns, report.summary.groups.by]).toEqual([['database', 'tier'], 'database']);
    const wrong = await audit(fleet(), '--columns', 'tam');
    expect([wrong.code, wrong.stdout, wrong.stderr]).toEqual([2, '', expect.stringContaining('has the answer "tam"')]);
    expect((await audit(fleet(), '--columns', 'team,')).code).toBe(2);
  });

  it('says which upgrades would have conflicts with --effort, in every format', async () => {
    const { code, report } = await auditJson(fleet(), '--effort');
    expect(code).toBe(4);
    expect(about(report, 'clean')).toMatchObject({ effort: { result: 'clean', files: 1 } });
    expect(about(report, 'conflict')).toMatchObject({ effort: { result: 'conflict', conflicts: ['page.md'] } });
    expect(about(report, 'gone')).not.toHaveProperty('effort');
    expect(report.summary.effort).toEqual({ clean: 1, conflict: 2, unknown: 0 });
    const all = await Promise.all(
      ['text', 'csv', 'markdown', 'html'].map((format) => audit(fleet(), '--effort', '--format', format)),
    );
    const [text, csv, markdown, html] = all.map(({ stdout }) => stdout);
    expect(text).toContain('upgrades: 1 clean, 2 with conflicts\n');
    expect(csv).toMatch(/^conflict,orders,checkout,behind,conflict,page\.md,/m);
    expect(markdown).toMatch(/^\| conflict \| checkout \| behind \| conflict \(1 file\) \|/m);
    expect(html).toContain('conflict (1 file)');
  });

  it('says why an upgrade could not be rehearsed', async () => {
    const manifest = JSON.parse(readFileSync(join(home, 'clean/.twelve.json'), 'utf8'));
    const template = { ...manifest.template, source: '../x' };
    const cwd = fleet({ 'clean/.twelve.json': JSON.stringify({ ...manifest, template }) });
    const { report } = await auditJson(cwd, '--effort');
    expect(about(report, 'clean')).toMatchObject({
      effort: { result: 'unknown', reason: expect.stringContaining('has no versions') },
    });
  });

  it('says what changed since an earlier report', async () => {
    const cwd = fleet();
    const earlier = await audit(cwd, '--format', 'json');
    writeFileSync(join(cwd, 'earlier.json'), earlier.stdout);
    write(cwd, { 'clean/kept.md': 'edited\n', 'fleet.txt': 'clean\nconflict\nnewer\n' });
    const { report } = await auditJson(cwd, '--since', 'earlier.json');
    expect(report.trend).toMatchObject({
      worse: ['clean'],
      better: [],
      disappeared: ['gone'],
      newFindings: [{ service: 'clean', rule: 'drift/edited' }],
    });
    const { stdout } = await audit(cwd, '--since', 'earlier.json');
    expect(stdout).toMatch(
      /since \d{4}-\d\d-\d\d: 0 services better, 1 worse, 0 appeared, 1 disappeared; 1 new finding, 0 resolved\n$/,
    );
  });

  it.each([
    ['a rehearsal', '{"schema":1,"ok":true,"command":"rehearse","services":[]}', 'is of another command'],
    ['no JSON', 'x', 'is not JSON'],
    ['nothing', undefined, 'cannot be read: there is no such file'],
  ])('refuses an earlier report that is %s: 2', async (_, text, reason) => {
    const cwd = fleet(text === undefined ? {} : { 'earlier.json': text });
    const { code, stdout, stderr } = await audit(cwd, '--since', 'earlier.json');
    expect([code, stdout, stderr]).toEqual([2, '', expect.stringContaining(reason)]);
  });

  it('links to the remote of a repository, without its password, and follows no link for it', async () => {
    const cwd = fleet({
      'clean/.git/config': '[remote "origin"]\n\turl = https://me:secret@git.example/acme/clean.git\n',
      'conflict/.git/config': '[remote "origin"]\n\turl = javascript:alert(1)\n',
      settings: '[remote "origin"]\n\turl = https://git.example/elsewhere\n',
      'newer/.git/HEAD': '',
    });
    symlinkSync('../../settings', join(cwd, 'newer/.git/config'));
    const { report } = await auditJson(cwd);
    expect(about(report, 'clean')).toMatchObject({ repository: 'https://git.example/acme/clean' });
    expect(about(report, 'conflict')).not.toHaveProperty('repository');
    expect(about(report, 'newer')).not.toHaveProperty('repository');
    const html = (await audit(cwd, '--format', 'html')).stdout;
    expect(html).toContain('href="https://git.example/acme/clean"');
    expect(html).not.toMatch(/secret|href="javascript/);
  });

  it('links to where --link says, and refuses what is no address: 2', async () => {
    const { report } = await auditJson(fleet(), '--link', 'https://git.example/{team}/{service}');
    expect(about(report, 'clean')).toMatchObject({ repository: 'https://git.example/payments/orders' });
    const wrong = await audit(fleet(), '--link', 'javascript:{service}');
    expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining('is not a web address')]);
    for (const command of [['audit'], ['rehearse', '--preset', './next']]) {
      const args = [...command, '--from', 'fleet.txt', '--link', 'https://git.example/{tem}/{service}'];
      const unknown = await run(args, { cwd: fleet(), program });
      expect([unknown.code, unknown.stdout, unknown.stderr]).toEqual([
        2,
        '',
        expect.stringMatching(/--link: no service has the answer "tem"\nhelp: .+team/),
      ]);
    }
  });
});

describe('the page of a rehearsal', () => {
  const page = async (cwd: string, ...args: string[]) => {
    const result = await run(['rehearse', '--preset', './next', '--from', 'fleet.txt', '--format', 'html', ...args], {
      cwd,
      program,
    });
    return result;
  };

  it('has every service, its result and its answers, and the diff of each conflict', async () => {
    const { code, stdout } = await page(fleet());
    expect(code).toBe(4);
    expect(stdout).toContain('3 of 4 services need a person.');
    expect(stdout).toContain('<option value="payments">');
    expect(stdout.match(/<details class="diff" open>/g)).toHaveLength(2);
    expect(stdout).toContain('<ins>+NEXT</ins>');
    expect(stdout).toMatch(/As in clean, updated:|As in conflict, conflict:/);
  });

  it('names in each conflict the version that this service was made from', async () => {
    const { stdout } = await page(fleet());
    const bases = [...stdout.matchAll(/\+\|{7} @acme\/standard (\S+)/g)].map(([, version]) => version);
    expect(new Set(bases)).toEqual(new Set(['1.0.0', '1.1.0']));
  });

  it('makes no markup of what a service has', async () => {
    const evil = '<script>alert(1)</script><img src=x onerror=alert(1)>"\'';
    const manifest = JSON.parse(readFileSync(join(home, 'conflict/.twelve.json'), 'utf8'));
    const answers = { ...manifest.answers, team: evil };
    const cwd = fleet({
      'conflict/page.md': PAGE.replace('three', evil),
      'conflict/.twelve.json': JSON.stringify({ ...manifest, answers }),
    });
    const { stdout } = await page(cwd);
    expect(stdout.match(/<script/g)).toHaveLength(1);
    expect(stdout).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(stdout).not.toMatch(/<img/);
  });
});
