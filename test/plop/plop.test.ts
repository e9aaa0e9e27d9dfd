// @module-tag node
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import nodePlop from 'node-plop';
import { describe, expect, it } from 'vitest';
import plopfile from '../../bin/plopfile.ts';
import { GENERATORS } from '../../generators/generators.ts';
import { promptsOf } from '../../generators/prompts.ts';
import { temporaryFolder, write } from '../support/folder.ts';

const ROOT = join(import.meta.dirname, '../..');
const PLOP = join(ROOT, 'node_modules/plop/bin/plop.js');

/** Stock plop as a user runs it. Answers stand after `--`, in the order of the questions. */
function plop(cwd: string, args: readonly string[], nodeOptions: readonly string[] = []) {
  return spawnSync(process.execPath, [...nodeOptions, PLOP, ...args], { cwd, encoding: 'utf8', input: '' });
}

/** The program itself. */
function execute(cwd: string, args: readonly string[]) {
  return spawnSync(process.execPath, [join(ROOT, 'dist/bin.cjs'), ...args], { cwd, encoding: 'utf8', input: '' });
}

const ANSWERS = ['orders', 'Keeps orders', 'none', 'none', 'none'];

describe('plop', () => {
  it('runs bin/plopfile.ts as a stock plopfile', () => {
    const folder = temporaryFolder();
    const tsx = ['--import', join(ROOT, 'node_modules/tsx/dist/esm/index.mjs')];
    const file = join(ROOT, 'bin/plopfile.ts');
    const { status, stderr, stdout } = plop(folder, ['--plopfile', file, '--dest', folder, 'create', ...ANSWERS], tsx);
    expect(stdout + stderr).toContain(join(folder, 'orders'));
    expect(status).toBe(0);
    const manifest = JSON.parse(readFileSync(join(folder, 'orders/.twelve.json'), 'utf8'));
    expect(manifest.answers).toMatchObject({ name: 'orders', description: 'Keeps orders', database: 'none' });
  });

  it('has every generator of the command line, with the same questions', async () => {
    const plop = await nodePlop();
    plopfile(plop);
    expect(plop.getGeneratorList().map(({ name }) => name)).toEqual(GENERATORS.map(({ name }) => name));
    for (const generator of GENERATORS) {
      const { prompts } = plop.getGenerator(generator.name);
      expect(JSON.stringify(prompts)).toBe(JSON.stringify(promptsOf(generator)));
      const asked = generator.questions.filter((question) => question.asked).map(({ message }) => message);
      for (const message of asked) expect(JSON.stringify(prompts)).toContain(JSON.stringify(message).slice(1, -1));
    }
  });

  describe('with the package as a pack in somebody else’s plopfile', () => {
    /** A project whose node_modules holds what `npm pack` would publish. */
    function project(): string {
      const folder = temporaryFolder();
      const packed = join(folder, 'node_modules/create-twelve-service');
      mkdirSync(packed, { recursive: true });
      for (const part of ['dist', 'package.json']) symlinkSync(join(ROOT, part), join(packed, part));
      writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
      writeFileSync(
        join(folder, 'plopfile.js'),
        `export default async (plop) => {
          await plop.load('create-twelve-service');
          plop.setGenerator('own', { prompts: [], actions: [() => 'did its own'] });
        };`,
      );
      return folder;
    }

    it('makes a service beside the project’s own generators', () => {
      const folder = project();
      const made = plop(folder, ['create', ...ANSWERS]);
      expect(made.stderr + made.stdout).toContain('orders');
      expect(made.status).toBe(0);
      expect(existsSync(join(folder, 'orders/Dockerfile'))).toBe(true);
      const own = plop(folder, ['own']);
      expect(own.stderr + own.stdout).toContain('did its own');
    });

    it('takes a template folder of the project, compiled when it is used', () => {
      const folder = project();
      write(folder, {
        'our/template.json': '{"id":"our","layers":[{"path":"base"}],"ownership":[["**","managed"]]}',
        'our/base/__name__.md.hbs': '# {{md description}}{{#if postgres}} on PostgreSQL{{/if}}\n',
        'plopfile.js': `export default (plop) => plop.load('create-twelve-service', { template: 'our' });`,
      });
      const { status, stdout, stderr } = plop(folder, ['create', 'orders', 'Keeps *orders*', 'none', 'none', 'none']);
      expect(stdout + stderr).toContain('2 files');
      expect(status).toBe(0);
      expect(readFileSync(join(folder, 'orders/orders.md'), 'utf8')).toBe('# Keeps \\*orders\\*\n');
    });

    it('gives the same bytes as the command line', () => {
      const folder = project();
      plop(folder, ['create', ...ANSWERS]);
      const flags = ['--database=none', '--cache=none', '--ci=none', '--description=Keeps orders'];
      const program = join(ROOT, 'dist/bin.cjs');
      execFileSync(process.execPath, [program, 'orders', '--dir', 'other', ...flags, '--no-git', '--no-install'], {
        cwd: folder,
        stdio: 'ignore',
      });
      const diff = spawnSync('diff', ['-r', 'orders', 'other'], { cwd: folder, encoding: 'utf8' });
      expect(diff.stdout).toBe('');
      expect(diff.status).toBe(0);
    });

    it('grows a service as the command line does', () => {
      const folder = project();
      plop(folder, ['create', ...ANSWERS]);
      const service = join(folder, 'orders');
      expect(plop(service, ['--plopfile', '../plopfile.js', '--dest', '.', 'add-task', 'reindex']).status).toBe(0);
      const again = execute(service, ['add-task', 'reindex', '--yes']);
      expect([again.status, again.stderr]).toEqual([0, expect.stringContaining('Nothing to do')]);
    });

    it('adds manifests by the merge of the command line', () => {
      const folder = project();
      for (const name of ['orders', 'others']) plop(folder, ['create', name, ...ANSWERS.slice(1)]);
      const added = plop(join(folder, 'orders'), [
        '--plopfile',
        '../plopfile.js',
        '--dest',
        '.',
        'add-deploy',
        'kubernetes',
      ]);
      expect(added.status, added.stderr + added.stdout).toBe(0);
      expect(execute(join(folder, 'others'), ['add-deploy', 'kubernetes']).status).toBe(0);
      const same = readFileSync(join(folder, 'orders/deploy/release.sh'), 'utf8').replaceAll('orders', 'others');
      expect(readFileSync(join(folder, 'others/deploy/release.sh'), 'utf8')).toBe(same);
    });

    it('exits 1 and leaves the target as it was when it refuses', () => {
      const folder = project();
      mkdirSync(join(folder, 'orders'));
      writeFileSync(join(folder, 'orders/mine.txt'), 'mine');
      const { status, stdout, stderr } = plop(folder, ['create', ...ANSWERS]);
      expect(stdout + stderr).toContain('the folder is not empty');
      expect(status).toBe(1);
      expect(readdirSync(join(folder, 'orders'))).toEqual(['mine.txt']);
    });

    it('refuses a bad answer before anything is written', () => {
      const folder = project();
      const { status, stdout, stderr } = plop(folder, ['create', '../orders', ...ANSWERS.slice(1)]);
      expect(status).not.toBe(0);
      expect(stdout + stderr).toContain('is a path, not a name');
      expect(readdirSync(folder).sort()).toEqual(['node_modules', 'package.json', 'plopfile.js']);
    });
  });
});
