// @module-tag sampled
import { execFileSync } from 'node:child_process';
import { cpSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Contents, makeFolder, removeFolder, snapshot, temporaryFolder, write } from '../support/folder.ts';
import { manifestOf, preset, readText } from '../support/preset.ts';
import { FILES_ONLY, plainEnvironment, ROOT, run } from '../support/program.ts';

/** `adopt`: a manifest for a service that has none. */

const home = makeFolder();
afterAll(() => removeFolder(home));

/** A registry that does not answer, so that only our own version is tried. */
const env = () => plainEnvironment({ HOME: home });

const SETS: readonly (readonly string[])[] = [
  [],
  ['--database', 'none', '--cache', 'redis', '--ci', 'gitlab'],
  ['--cache', 'redis', '--port', '9000', '--license', 'MIT', '--author', 'A & B'],
  ['--ci', 'none', '--registry', 'registry.acme.example/team', '--description', 'It: "does" things'],
];

beforeAll(async () => {
  write(home, { '.npmrc': 'registry=http://127.0.0.1:9/\n' });
  write(join(home, 'standard'), {
    ...preset('questions: [{name: team, message: T, type: string}]\nlayers: [{path: base}]', {
      'base/TEAM.hbs': '{{team}}\n',
    }),
  });
  for (const [index, args] of SETS.entries())
    expect((await run(['orders', '--dir', `s${index}`, '--yes', ...args, ...FILES_ONLY], { cwd: home })).code).toBe(0);
  const withPreset = ['orders', '--dir', 'sp', '--preset', './standard', '--team', 'pay', '--yes', ...FILES_ONLY];
  expect((await run(withPreset, { cwd: home })).code).toBe(0);
});

/** A copy that lost its manifest. */
function lost(name: string, change: (folder: string) => void = () => undefined): { folder: string; cwd: string } {
  const cwd = temporaryFolder();
  const folder = join(cwd, 'orders');
  cpSync(join(home, name), folder, { recursive: true });
  cpSync(join(home, 'standard'), join(cwd, 'standard'), { recursive: true });
  rmSync(join(folder, '.twelve.json'), { force: true });
  change(folder);
  return { folder, cwd };
}

async function adopt(cwd: string, ...args: string[]) {
  const result = await run(['adopt', '--format', 'json', ...args], { cwd, env: env() });
  return { ...result, report: result.stdout ? JSON.parse(result.stdout) : undefined };
}

const partNames = (report: { offered: { name: string }[] }) => report.offered.map(({ name }) => name);

/** Everything but the manifest and the record of the run. */
function others(folder: string): Record<string, string> {
  const { '.twelve.json': _own, '.': _folder, ...rest } = snapshot(folder);
  return Object.fromEntries(Object.entries(rest).filter(([path]) => !path.startsWith('.twelve-undo')));
}

describe('adopt', () => {
  it.each(SETS.map((args, index) => [args.join(' ') || 'defaults', `s${index}`]))(
    'finds the version and the answers of %s again',
    async (_args, name) => {
      const { folder } = lost(name);
      const before = others(folder);
      const { code, stderr, report } = await adopt(folder);
      expect(code, stderr).toBe(0);
      expect(report).toMatchObject({
        ok: true,
        command: 'adopt',
        applied: true,
        best: { score: 1, missing: [], alike: 0 },
      });
      expect(manifestOf(folder)).toEqual(manifestOf(join(home, name)));
      expect(others(folder)).toEqual(before);
    },
  );

  it('finds the version and answers of a preset that is named', async () => {
    const { folder, cwd } = lost('sp');
    const missing = await adopt(folder, '--preset', '../standard');
    expect([missing.code, missing.stderr]).toEqual([2, expect.stringContaining('the answer team is missing')]);
    const { code } = await adopt(cwd, '--dir', 'orders', '--preset', './standard', '--set', 'team=pay');
    expect(code).toBe(0);
    expect(manifestOf(folder)).toMatchObject({
      answers: { team: 'pay' },
      presets: [{ name: '@acme/standard', source: '../standard' }],
      template: manifestOf(join(home, 'sp')).template,
    });
  });

  it('finds an edited service', async () => {
    const { folder } = lost('s1', (at) => {
      writeFileSync(join(at, 'README.md'), 'Ours\n');
      writeFileSync(join(at, 'src/main.ts'), `// ours\n${readText(at, 'src/main.ts').replaceAll('\n', '\r\n')}`);
      rmSync(join(at, 'AGENTS.md'));
    });
    const before = others(folder);
    const { code, report } = await adopt(folder);
    expect(code).toBe(0);
    expect(report.best.answers).toEqual(manifestOf(join(home, 's1')).answers);
    expect(report.best).toMatchObject({ alike: 2, missing: ['AGENTS.md'] });
    expect(others(folder)).toEqual(before);
    const audited = await run(['audit', '--format', 'json'], { cwd: folder, env: env() });
    expect(audited.stdout).toContain('README.md');
  });

  it('of a service that was written by hand: 4, no manifest, what the contract misses, and parts to bring', async () => {
    const folder = join(temporaryFolder(), 'reference');
    cpSync(join(ROOT, 'contract/reference'), folder, {
      recursive: true,
      filter: (path) => !path.includes('node_modules'),
    });
    const before = snapshot(folder);
    const { code, report, stderr } = await adopt(folder);
    expect(code, stderr).toBe(4);
    expect(report).toMatchObject({ ok: true, applied: false, isAlike: false, changes: [] });
    expect(report.attention).toEqual([expect.stringMatching(/^less than 10% alike/)]);
    const named = report.gaps.map(({ what }: { what: string }) => what);
    const has = (path: string) => Object.hasOwn(before, path);
    expect(named.includes('a lockfile')).toBe(!has('package-lock.json'));
    expect(named.includes('an example of its environment')).toBe(!has('.env.example'));
    expect(partNames(report)).toEqual(['pipeline', 'dockerfile', 'compose', 'updates', 'health']);
    expect(snapshot(folder)).toEqual(before);
  });

  it('of a service that is less than half alike: 4, with --plan too', async () => {
    const half = lost('s0', (at) => rmSync(join(at, 'src'), { recursive: true }));
    const { code, report } = await adopt(half.folder);
    expect(report.best.score).toBeLessThan(0.5);
    expect([code, report.applied]).toEqual([4, true]);
    const express = temporaryFolder({ 'package.json': '{\n  "name": "orders",\n  "version": "1.0.0"\n}\n' });
    const planned = await run(['adopt', '--plan'], { cwd: express, env: env() });
    expect([planned.code, planned.stdout]).toEqual([4, expect.stringMatching(/\n {2}look: less than 10% alike/)]);
    expect(readdirSync(express)).toEqual(['package.json']);
  });

  it.each<[what: string, contents: Contents]>([
    ['an empty folder', {}],
    ['a folder of other things', { 'notes.txt': 'x\n', 'photos/a.jpg': 'x' }],
    ['a folder with files that are not similar', { 'README.md': '', 'package.json': '\n' }],
  ])('of %s: 3, and nothing is written', async (_what, contents) => {
    const cwd = temporaryFolder(contents);
    const before = snapshot(cwd);
    const { code, stderr } = await adopt(cwd, '--set', 'name=orders');
    expect([code, stderr]).toEqual([
      3,
      expect.stringMatching(/^error: no file in .+\nhelp: .+root folder of a service/),
    ]);
    expect(snapshot(cwd)).toEqual(before);
    expect((await adopt(cwd, '--plan')).code).toBe(3);
  });

  it('lists each gap of a folder that has one file, and none of a generated service', async () => {
    const empty = await adopt(temporaryFolder({ 'package.json': '{\n  "name": "orders"\n}\n' }), '--plan');
    expect(empty.report.gaps.map(({ what }: { what: string }) => what)).toEqual(
      expect.arrayContaining(['a lockfile', 'a HEALTHCHECK', 'a stop on SIGTERM', 'a pipeline', 'structured logs']),
    );
    expect((await adopt(lost('s0').folder, '--plan')).report.gaps).toEqual([]);
    const { folder } = lost('s0', (at) =>
      writeFileSync(join(at, 'Dockerfile'), readText(at, 'Dockerfile').replace(/^HEALTHCHECK/m, '# HEALTHCHECK')),
    );
    expect((await adopt(folder, '--plan')).report.gaps).toMatchObject([{ what: 'a HEALTHCHECK', rules: ['H-1'] }]);
  });

  it('with --plan writes nothing', async () => {
    const { folder, cwd } = lost('s0');
    const before = snapshot(cwd);
    const { code, report } = await adopt(folder, '--plan');
    expect(code).toBe(0);
    expect(report).toMatchObject({ applied: false, changes: [{ kind: 'create', path: '.twelve.json' }] });
    expect(snapshot(cwd)).toEqual(before);
  });

  it.each<[what: string, manifest: Contents, reason: RegExp]>([
    ['a link instead of a manifest', { '.twelve.json': { link: '/nowhere' } }, /not a file\nhelp: +Restore/],
    ['a folder instead of a manifest', { '.twelve.json/x': 'x' }, /not a file\nhelp: +Restore/],
    [
      'a manifest that is not JSON',
      { '.twelve.json': '{"schema": 1,' },
      /is broken: .+\nhelp: +Run npx create-twelve-service repair; or remove/,
    ],
    [
      'a manifest without content',
      { '.twelve.json': '{}' },
      /is broken: .+\nhelp: +Run npx create-twelve-service repair; or remove/,
    ],
    ['a manifest of a newer version', { '.twelve.json': '{"schema": 3}' }, /newer version.+\nhelp: .+@latest/],
  ])('of a service that has %s: 3', async (_what, manifest, reason) => {
    const { folder, cwd } = lost('s0', (at) => write(at, manifest));
    const before = snapshot(cwd);
    const { code, stderr } = await adopt(folder);
    expect([code, stderr]).toEqual([3, expect.stringMatching(reason)]);
    expect(snapshot(cwd)).toEqual(before);
  });

  it('of a service that has a manifest: 3', async () => {
    const cwd = join(home, 's0');
    const before = snapshot(cwd);
    const { code, stderr } = await adopt(cwd);
    expect([code, stderr]).toEqual([
      3,
      expect.stringMatching(/already has a \.twelve\.json\nhelp: +It needs no adopt/),
    ]);
    expect(snapshot(cwd)).toEqual(before);
  });

  it.each([
    [['--set', 'database=mysql'], 'the answer database must be one of'],
    [['--set', 'nonsense'], '--set must be NAME=VALUE'],
    [['--set', '__proto__=x'], '--set must be NAME=VALUE'],
    [['--set', 'colour=red'], 'the answer colour belongs to no question'],
    [['--preset', './nowhere'], 'is not a folder'],
    [['extra'], 'one argument too many'],
  ])('with %j: 2', async (args, reason) => {
    const { folder, cwd } = lost('s0');
    const before = snapshot(cwd);
    const { code, stderr } = await adopt(folder, ...args);
    expect([code, stderr]).toEqual([2, expect.stringContaining(reason)]);
    expect(snapshot(cwd)).toEqual(before);
  });

  it('with a wrong answer shows a valid one', async () => {
    const { stderr } = await adopt(lost('s0').folder, '--set', 'cache=memcached', '--set', 'database=none');
    expect(stderr).toMatch(
      /the answer cache must be one of.+\nhelp: .+e\.g\. npx create-twelve-service adopt --set cache=none\n/,
    );
  });

  it('of a folder that does not exist: 3', async () => {
    expect((await adopt(temporaryFolder(), '--dir', 'nowhere')).code).toBe(3);
  });

  it('does not read links, pipes and a huge file, and runs nothing', async () => {
    const { folder } = lost('s0', (at) => {
      for (const name of ['README.md', 'Dockerfile', '.npmrc', 'AGENTS.md']) rmSync(join(at, name));
      write(at, {
        'README.md': 'x',
        'AGENTS.md': { link: '/etc/passwd' },
        elsewhere: { link: '/' },
        '.git/hooks/post-checkout': { run: '#!/bin/sh\ntouch "$HOME/ran"\n' },
        '.git/config': '[core]\n\tfsmonitor = touch "$HOME/ran"\n',
      });
      truncateSync(join(at, 'README.md'), 3 * 1024 ** 3);
      execFileSync('mkfifo', [join(at, 'Dockerfile'), join(at, '.npmrc')]);
    });
    const { code, report, stderr } = await adopt(folder);
    expect(code, stderr).toBe(0);
    expect(report.best.missing).toEqual(['.npmrc', 'AGENTS.md', 'Dockerfile']);
    expect(report.best.alike).toBe(1);
    expect(report.notes).toEqual([expect.stringContaining('.npmrc is not a file')]);
    expect(() => readFileSync(join(home, 'ran'))).toThrow();
  });
});
