// @module-tag sampled
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { filesIn, snapshot, temporaryFolder, write } from '../support/folder.ts';
import { mountProblem, onDisk } from '../support/mount.ts';
import {
  execute,
  FILES_ONLY,
  PROGRAM,
  plainEnvironment,
  programWith,
  type RunResult,
  run,
} from '../support/program.ts';

/** docs/faults.md, "Target folder": one test a row, against the built program. */

const small = programWith({ files: { 'base/README.md': '# Made\n', 'base/src/a.txt': 'made\n' } });
afterAll(() => small.remove());

const create = (cwd: string, ...args: string[]): Promise<RunResult> =>
  run([...args, '--yes', ...FILES_ONLY], { cwd, program: small.program });

async function refused(cwd: string, exit: number, ...args: string[]): Promise<string> {
  const before = snapshot(cwd);
  const result = await create(cwd, ...args);
  expect(result.code, result.stderr).toBe(exit);
  expect(result.stderr).toMatch(/^error: .+\nhelp: .+\n$/);
  expect(snapshot(cwd)).toEqual(before);
  return result.stderr;
}

const noMounts = mountProblem();
if (noMounts) console.warn(`skipped: ${noMounts}`);

describe('Target folder', () => {
  it('not empty / a file / a symbolic link: 3, what collides is listed', async () => {
    const cwd = temporaryFolder({
      'full/src/a.txt': 'mine',
      'full/other': 'mine',
      file: 'mine',
      'real/': '',
      link: { link: 'real' },
      dangling: { link: 'nowhere' },
      'clash/src': 'a file where a folder must be',
      'through/src': { link: '../real' },
    });
    const list = await refused(cwd, 3, 'orders', '--dir', 'full');
    expect(list).toContain('src/a.txt');
    expect(list).toContain('other');
    expect(await refused(cwd, 3, 'orders', '--dir', 'file')).toContain('is a file');
    expect(await refused(cwd, 3, 'orders', '--dir', 'link')).toContain('is a symbolic link');
    expect(await refused(cwd, 3, 'orders', '--dir', 'dangling')).toContain('is a symbolic link');
    expect(await refused(cwd, 3, 'orders', '--dir', 'file/below')).toContain('below a file');
    expect(await refused(cwd, 3, 'orders', '--dir', 'clash', '--overwrite')).toContain('src (a file)');
    expect(await refused(cwd, 3, 'orders', '--dir', 'through', '--overwrite')).toContain('src (a link)');
  });

  it('`.` with only `.git`, LICENSE or README: fine; nothing that exists is overwritten', async () => {
    const cwd = temporaryFolder({ 'orders/.git/HEAD': 'ref', 'orders/LICENSE': 'mine', 'orders/README.md': 'mine' });
    const result = await create(join(cwd, 'orders'), '.');
    expect(result.code, result.stderr).toBe(0);
    expect(result.stderr).toContain('README.md was there and is kept as it is');
    expect(snapshot(join(cwd, 'orders'))).toMatchObject({
      '.git/HEAD': 'file 644 ref',
      LICENSE: 'file 644 mine',
      'README.md': 'file 644 mine',
      'src/a.txt': 'file 644 made\n',
    });
    expect(filesIn(join(cwd, 'orders'))).toHaveLength(5);
    expect(filesIn(cwd)).toHaveLength(5);
  });

  it('`--overwrite`: only files that the plan lists, shown and backed up; never empties a folder', async () => {
    const cwd = temporaryFolder({ 'orders/README.md': 'mine', 'orders/src/b.txt': 'mine', 'orders/other/c': 'mine' });
    const planned = await create(cwd, 'orders', '--overwrite', '--plan');
    expect(planned.stdout).toMatch(/ {2}update README\.md\n/);
    const backup = /create (\.twelve-backup\/[a-z0-9]+\/README\.md)/.exec(planned.stdout)?.[1] ?? '';
    const result = await create(cwd, 'orders', '--overwrite');
    expect(result.code, result.stderr).toBe(0);
    const after = snapshot(join(cwd, 'orders'));
    expect(after).toMatchObject({
      [backup]: 'file 644 mine',
      'README.md': 'file 644 # Made\n',
      'src/a.txt': 'file 644 made\n',
      'src/b.txt': 'file 644 mine',
      'other/c': 'file 644 mine',
    });
    // The same edit has a backup already.
    write(join(cwd, 'orders'), { 'README.md': 'mine' });
    const again = await create(cwd, 'orders', '--overwrite');
    expect(again.code, again.stderr).toBe(0);
    expect(snapshot(join(cwd, 'orders'))).toEqual(after);
    // A file that needs no change is not touched.
    const third = await create(cwd, 'orders', '--overwrite', '--plan');
    expect(third.stdout).toContain('nothing to do');
  });

  it.skipIf(noMounts)('read-only: 7, nothing left behind; a folder that was there empty stays', () => {
    const { before, after, result } = onDisk({
      size: '1m',
      program: small.program,
      prepare: 'mkdir empty',
      remount: 'ro',
      args: ['orders', '--dir', 'empty', '--yes', ...FILES_ONLY],
    });
    expect(result.code, result.stderr).toBe(7);
    expect(result.stderr).toContain('the file system is read-only');
    expect(after).toEqual(before);
    expect(after).toContain('./empty');
  });

  it.skipIf(noMounts)('out of space: 7, nothing left behind; a folder that was there empty stays', () => {
    const filled = onDisk({
      size: '40k',
      program: PROGRAM,
      prepare: 'mkdir empty',
      args: ['orders', '--dir', 'empty', '--yes', ...FILES_ONLY],
    });
    expect(filled.result.code, filled.result.stderr).toBe(7);
    expect(filled.result.stderr).toContain('the disk is full');
    expect(filled.after).toEqual(filled.before);
    const fresh = onDisk({ size: '40k', program: PROGRAM, prepare: ':', args: ['orders', '--yes', ...FILES_ONLY] });
    expect([fresh.result.code, fresh.after]).toEqual([7, ['.']]);
    const inPlace = onDisk({
      size: '40k',
      program: PROGRAM,
      prepare: 'echo mine > README.md',
      args: ['orders', '--dir', '.', '--overwrite', '--yes', ...FILES_ONLY],
    });
    expect([inPlace.result.code, inPlace.after]).toEqual([7, ['.', './README.md']]);
  });

  it.skipIf(noMounts)('a mount point is filled, because it cannot be replaced', () => {
    const mounted = onDisk({
      size: '1m',
      program: small.program,
      prepare: ':',
      args: ['orders', '--dir', '.', '--yes', ...FILES_ONLY],
    });
    expect(mounted.result.code, mounted.result.stderr).toBe(0);
    expect(mounted.after).toEqual(['.', './.twelve.json', './README.md', './src', './src/a.txt']);
  });

  it.each([
    ['case', { 'base/Readme.md': 'a', 'base/README.md': 'b' }],
    ['case of a folder', { 'base/src/a': 'a', 'base/SRC/b': 'b' }],
    ['Unicode form', { 'base/caf\u00e9': 'a', 'base/cafe\u0301': 'b' }],
    ['file and folder', { 'base/a': 'a', 'base/A/b': 'b' }],
  ])('two outputs that differ by case or Unicode form only (%s): 6, before writing', async (_form, files) => {
    const { program, remove } = programWith({ files });
    try {
      const cwd = temporaryFolder();
      const result = await run(['orders', '--yes', ...FILES_ONLY], { cwd, program });
      expect(result.code, result.stderr).toBe(6);
      expect(result.stderr).toContain('are one file on a disk that folds case or Unicode forms');
      expect(Object.keys(snapshot(cwd))).toEqual(['.']);
    } finally {
      remove();
    }
  });

  it('inside another repository or an npm workspace: fine, no `git init`, and it says so', async () => {
    const cwd = temporaryFolder({
      'package.json': '{"workspaces": ["services/*"]}',
      'services/': '',
      'bin/npm': { run: '#!/bin/sh\nexit 9\n' },
    });
    expect(spawnSync('git', ['init', '--quiet'], { cwd }).status).toBe(0);
    const env = plainEnvironment();
    env.PATH = `${join(cwd, 'bin')}:${env.PATH}`;
    const result = await run(['orders', '--yes'], { cwd: join(cwd, 'services'), env, program: small.program });
    expect(result.code, result.stderr).toBe(0);
    expect(result.stderr).toContain(`it is inside the git repository ${cwd}, so none was made`);
    expect(result.stderr).toContain(`it is inside the npm workspace ${cwd}: run npm install there`);
    expect(filesIn(join(cwd, 'services/orders')).filter((path) => path.startsWith('.git/'))).toEqual([]);
    expect(spawnSync('git', ['status', '--porcelain', 'services'], { cwd, encoding: 'utf8' }).stdout).toBe(
      '?? services/\n',
    );
  });

  it('below a biome.json that would take its own for a second root: 4, and it says what to write', async () => {
    const names = ['biome.json', 'biome.jsonc', '.biome.json', '.biome.jsonc'];
    const biome = programWith({ files: { 'base/README.md': '# Made\n', 'base/biome.json': '{}\n' } });
    for (const [name, above, code] of [
      ...names.map((name) => [name, '// Ours\n{"files": {"includes": ["**"]}}', 4] as const),
      ['biome.jsonc', '{"files": {"includes": ["**", "!services/orders"]}}', 0],
      ['biome.json', '{"files": {"includes": ["**", "!services/orders"]}}', 0],
      ['biome.json', '{"files": {"includes": ["**", "!!services"]}}', 0],
    ] as const) {
      const cwd = temporaryFolder({ [name]: above, 'services/': '' });
      const result = await run(['orders', '--yes', ...FILES_ONLY], {
        cwd: join(cwd, 'services'),
        program: biome.program,
      });
      expect(result.code, result.stderr).toBe(code);
      if (code === 4)
        expect(result.stderr).toContain(
          `${join(cwd, name)} is above this service. Biome takes one root: write "root": false into the biome.json`,
        );
    }
    biome.remove();
  });

  it('two runs into one target: one 0, the other 3', async () => {
    for (const args of [['orders'], ['orders', '--dir', 'empty'], ['orders', '--dir', 'git']]) {
      for (let round = 0; round < 2; round += 1) {
        const cwd = temporaryFolder({ 'empty/': '', 'git/.git/HEAD': 'ref' });
        const results = await Promise.all([create(cwd, ...args), create(cwd, ...args)]);
        expect(results.map(({ code }) => code).sort(), JSON.stringify(results)).toEqual([0, 3]);
        const target = join(cwd, args[2] ?? 'orders');
        expect(filesIn(target).filter((path) => !path.startsWith('.git/'))).toEqual([
          '.twelve.json',
          'README.md',
          'src/a.txt',
        ]);
        expect(filesIn(cwd).filter((path) => path.includes('twelve-stage'))).toEqual([]);
      }
    }
  });

  it('an empty folder of somebody else keeps its owner and mode', async ({ skip }) => {
    if (process.getuid?.() !== 0) skip('only root may give a folder away');
    const cwd = temporaryFolder();
    mkdirSync(join(cwd, 'orders'), { mode: 0o2770 });
    const owned = await execute('chown', ['65534:65534', 'orders'], { cwd });
    expect(owned.code, owned.stderr).toBe(0);
    const { ino, mode } = statSync(join(cwd, 'orders'));
    expect((await create(cwd, 'orders')).code).toBe(0);
    expect(statSync(join(cwd, 'orders'))).toMatchObject({ ino, mode, uid: 65534, gid: 65534 });
    expect(readFileSync(join(cwd, 'orders/README.md'), 'utf8')).toBe('# Made\n');
  });
});
