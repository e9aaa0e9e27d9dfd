// @module-tag sampled
// @module-tag node
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Contents, filesIn, snapshot, temporaryFolder } from '../support/folder.ts';
import { execute, plainEnvironment, programWith, type RunResult, run } from '../support/program.ts';

/** What runs after the files are written: a real git, and an npm that prints its arguments. */

const NPM = {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a shell reads it
  run: '#!/bin/sh\nprintf "%s\\n" "npm $* in $PWD" >&2\nexit ${NPM_EXIT:-0}\n',
};
let small: { program: string; remove: () => void };
beforeAll(() => {
  small = programWith({ files: { 'base/README.md': '# Made\n', 'base/.gitignore': 'ignored\n', 'base/ignored': 'x' } });
});
afterAll(() => small.remove());

const IDENTITY = '[user]\n\tname = Jo\n\temail = jo@example.com\n';

/** Runs in a home with these files, where only `bin/` of it and plain folders are on the PATH. */
async function create(
  args: string[],
  files: Contents,
  extra: NodeJS.ProcessEnv = {},
): Promise<RunResult & { cwd: string }> {
  const cwd = temporaryFolder({ 'bin/npm': NPM, ...files });
  const env = plainEnvironment({ HOME: cwd, GIT_CONFIG_NOSYSTEM: '1', ...extra });
  env.PATH = extra.PATH ?? `${join(cwd, 'bin')}:${env.PATH}`;
  const result = await run([...args, '--yes', '--format', 'json'], { cwd, env, program: small.program });
  return { ...result, cwd };
}

const git = async (cwd: string, ...args: string[]): Promise<string> => {
  const result = await execute('git', args, { cwd });
  return result.code === 0 ? result.stdout.trim() : `exit ${result.code}`;
};

describe('git', () => {
  it('makes a repository with one commit, by the user, with everything that is not ignored', async () => {
    const { code, stdout, cwd } = await create(['orders', '--no-install'], { '.gitconfig': IDENTITY });
    expect([code, JSON.parse(stdout).git]).toEqual([0, 'done']);
    const at = join(cwd, 'orders');
    expect(await git(at, 'log', '--format=%an <%ae>')).toBe('Jo <jo@example.com>');
    expect(await git(at, 'status', '--porcelain')).toBe('');
    expect(await git(at, 'ls-files')).toBe('.gitignore\n.twelve.json\nREADME.md');
    expect(await git(at, 'branch', '--show-current')).toBe('main');
  });

  it("runs none of the user's hooks and takes none of their templates or signing", async () => {
    const config = `${IDENTITY}[core]\n\thooksPath = ~/hooks\n[init]\n\ttemplateDir = ~/template\n[commit]\n\tgpgSign = true\n[gpg]\n\tprogram = false\n`;
    const hook = { run: '#!/bin/sh\ntouch "$HOME/ran"\nexit 1\n' };
    const { code, stderr, cwd } = await create(['orders', '--no-install'], {
      '.gitconfig': config,
      'hooks/pre-commit': hook,
      'template/hooks/pre-commit': hook,
    });
    expect(code, stderr).toBe(0);
    expect(filesIn(cwd)).not.toContain('ran');
    expect(await git(join(cwd, 'orders'), 'log', '--format=%s')).not.toBe('');
  });

  it('identity missing: the repository is made, nothing is committed, and it says so', async () => {
    const config = '[user]\n\tuseConfigOnly = true\n';
    const { code, stdout, cwd } = await create(['orders', '--no-install'], { '.gitconfig': config });
    const { git: step, notes } = JSON.parse(stdout);
    expect([code, step, notes]).toEqual([0, 'done', [expect.stringContaining('git does not know your name yet')]]);
    expect(await git(join(cwd, 'orders'), 'log')).toMatch(/^exit/);
  });

  it('git missing: the files are complete, and 4 says that a person is needed', async () => {
    const { code, stdout, cwd } = await create(['orders', '--no-install'], {}, { PATH: '/nonexistent' });
    const { git: step, notes } = JSON.parse(stdout);
    expect([code, step, notes]).toEqual([4, 'failed', ['no git repository was made: git is not installed']]);
    expect(filesIn(join(cwd, 'orders'))).toHaveLength(4);
  });

  it('inside a repository: no repository is made, and the outer one is not touched', async () => {
    const outer = temporaryFolder({ 'bin/npm': NPM });
    expect((await execute('git', ['init', '--quiet'], { cwd: outer })).code).toBe(0);
    const before = snapshot(join(outer, '.git'));
    const env = plainEnvironment({ HOME: outer });
    const result = await run(['orders', '--dir', 'a/b', '--yes', '--no-install', '--format', 'json'], {
      cwd: outer,
      env,
      program: small.program,
    });
    expect([result.code, JSON.parse(result.stdout).git]).toEqual([0, 'skipped']);
    expect(snapshot(join(outer, '.git'))).toEqual(before);
    expect(filesIn(join(outer, 'a/b')).filter((path) => path.startsWith('.git/'))).toEqual([]);
  });

  it('in a hook of another repository, whose variables are set: that repository is not touched', async () => {
    const other = temporaryFolder();
    expect((await execute('git', ['init', '--quiet'], { cwd: other })).code).toBe(0);
    const before = snapshot(other);
    const hook = { GIT_DIR: join(other, '.git'), GIT_WORK_TREE: other, GIT_INDEX_FILE: join(other, '.git/index') };
    const { code, cwd, stderr } = await create(['orders', '--no-install'], { '.gitconfig': IDENTITY }, hook);
    expect(code, stderr).toBe(0);
    expect(snapshot(other)).toEqual(before);
    expect(await git(join(cwd, 'orders'), 'ls-files')).toContain('README.md');
  });

  it('--no-git makes no repository', async () => {
    const { code, stdout, cwd } = await create(['orders', '--no-git', '--no-install'], {});
    expect([code, JSON.parse(stdout).git, filesIn(cwd).filter((path) => path.includes('.git/'))]).toEqual([
      0,
      'skipped',
      [],
    ]);
  });
});

describe('npm', () => {
  it('npm ci runs in the service, development dependencies included', async () => {
    const { code, stdout, stderr, cwd } = await create(['orders', '--no-git'], {}, { NODE_ENV: 'production' });
    expect([code, JSON.parse(stdout).install]).toEqual([0, 'done']);
    expect(stderr).toMatch(new RegExp(`npm ci .*--include=dev.* in ${cwd}/orders`));
  });

  it('npm ci failing: 4, the files stay, and it says what to run', async () => {
    const { code, stdout, cwd } = await create(['orders', '--no-git'], {}, { NPM_EXIT: '1' });
    const { install, notes, ok } = JSON.parse(stdout);
    expect([code, ok, install, notes]).toEqual([
      4,
      true,
      'failed',
      [expect.stringMatching(/^dependencies are not installed: .+; run npm ci$/)],
    ]);
    expect(filesIn(join(cwd, 'orders'))).toHaveLength(4);
  });

  it('npm missing: 4', async () => {
    const { code, stdout } = await create(['orders', '--no-git'], {}, { PATH: '/nonexistent' });
    expect([code, JSON.parse(stdout).notes]).toEqual([4, [expect.stringContaining('npm is not installed')]]);
  });

  it('inside an npm workspace: not run, and it says where to', async () => {
    const { code, stdout, stderr, cwd } = await create(['orders', '--no-git', '--dir', 'services/orders'], {
      'package.json': '{"workspaces": ["services/*"]}',
    });
    expect([code, JSON.parse(stdout)]).toMatchObject([
      0,
      { install: 'skipped', notes: [`it is inside the npm workspace ${cwd}: run npm install there`] },
    ]);
    expect(stderr).not.toContain('npm ci');
  });

  it.each([
    ['broken', '{'],
    ['null', 'null'],
    ['a list', '[]'],
  ])('a package.json above that is %s is not a workspace', async (_what, text) => {
    const { code, stdout, stderr } = await create(['orders', '--no-git'], { 'package.json': text });
    expect([code, JSON.parse(stdout).install], stderr).toEqual([0, 'done']);
  });

  it('a package.json above that cannot be read does not fail the run: 0 or 4, never 1', async () => {
    const { code, stdout, cwd } = await create(['orders', '--no-git'], { 'package.json': { link: 'package.json' } });
    expect([0, 4]).toContain(code);
    expect(() => JSON.parse(stdout)).not.toThrow();
    expect(filesIn(join(cwd, 'orders'))).toHaveLength(4);
  });
});
