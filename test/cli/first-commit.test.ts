// @module-tag sampled
// @module-tag node

import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createIn, gitSays, homeWith, IDENTITY, smallService } from '../support/creating.ts';
import { type Contents, filesIn, snapshot, temporaryFolder } from '../support/folder.ts';
import { execute, run } from '../support/program.ts';

/** The first commit of a new service, by a real git. */

let small: ReturnType<typeof smallService>;
beforeAll(() => {
  small = smallService();
});
afterAll(() => small.remove());

const create = (args: string[], files: Contents, extra: NodeJS.ProcessEnv = {}) =>
  createIn(small.program, args, files, extra);

describe('the first commit', () => {
  it('makes a repository with one commit, by the user, with everything that is not ignored', async () => {
    const { code, stdout, cwd } = await create(['orders', '--no-install'], { '.gitconfig': IDENTITY });
    expect([code, JSON.parse(stdout).git]).toEqual([0, 'done']);
    const at = join(cwd, 'orders');
    expect(await gitSays(at, 'log', '--format=%an <%ae>')).toBe('Jo <jo@example.com>');
    expect(await gitSays(at, 'status', '--porcelain')).toBe('');
    expect(await gitSays(at, 'ls-files')).toBe('.gitignore\n.twelve.json\nREADME.md');
    expect(await gitSays(at, 'branch', '--show-current')).toBe('main');
  });

  it.each([
    [
      'the global ignore file',
      { '.gitconfig': `${IDENTITY}[core]\n\texcludesFile = ~/mine\n`, mine: 'README.md\n*.json\n' },
    ],
    [
      'a template of git',
      { '.gitconfig': `${IDENTITY}[init]\n\ttemplateDir = ~/t\n`, 't/info/exclude': 'README.md\n*.json\n' },
    ],
  ])('what %s ignores is committed all the same, but not what the service itself ignores', async (_who, files) => {
    const { code, stdout, cwd } = await create(['orders', '--no-install'], files);
    expect([code, JSON.parse(stdout).git]).toEqual([0, 'done']);
    const at = join(cwd, 'orders');
    expect(await gitSays(at, 'ls-files')).toBe('.gitignore\n.twelve.json\nREADME.md');
    expect(JSON.parse(stdout).notes).toContain("the service's own .gitignore leaves these out of git: ignored");
    expect(await gitSays(at, '-c', 'core.excludesFile=', 'status', '--porcelain')).toBe('');
    expect(await gitSays(at, 'fsck', '--strict')).toBe('');
  });

  it('has no file that the run did not write, and names those', async () => {
    const stage = `orders/.x.twelve-stage-other-${process.pid}-0123abcd/new`;
    const args = ['orders', '--no-install', '--overwrite'];
    const { code, stdout, cwd } = await create(args, {
      '.gitconfig': IDENTITY,
      'orders/secret': 'mine',
      'orders/README.md': 'mine',
      [stage]: 'of a run that lost',
    });
    expect(code).toBe(0);
    const at = join(cwd, 'orders');
    expect(await gitSays(at, 'ls-files')).toBe('.gitignore\n.twelve.json\nREADME.md');
    expect(await gitSays(at, 'show', 'HEAD:README.md')).toBe('# Made');
    const { notes } = JSON.parse(stdout);
    expect(notes).toContain('not committed, since the run did not make them: .twelve-backup/, secret');
  });

  it('has the files of a service that were there already', async () => {
    const { cwd, env } = homeWith({ '.gitconfig': IDENTITY });
    const again = (...args: string[]) =>
      run(['orders', '--yes', '--no-install', ...args], { cwd, env, program: small.program });
    expect((await again('--no-git')).code).toBe(0);
    const second = await again('--overwrite');
    expect(second.code, second.stderr).toBe(0);
    expect(await gitSays(join(cwd, 'orders'), 'ls-files')).toBe('.gitignore\n.twelve.json\nREADME.md');
  });

  it('runs no hook, and says so; later commits run those of the settings', async () => {
    const config = `${IDENTITY}[core]\n\thooksPath = ~/hooks\n[init]\n\ttemplateDir = ~/template\n\tdefaultBranch = trunk\n`;
    const hook = { run: '#!/bin/sh\ntouch "$HOME/ran"\nexit 1\n' };
    const { code, stdout, stderr, cwd } = await create(['orders', '--no-install'], {
      '.gitconfig': config,
      'hooks/pre-commit': hook,
      'template/hooks/pre-commit': hook,
    });
    expect(code, stderr).toBe(0);
    expect(filesIn(cwd)).not.toContain('ran');
    const at = join(cwd, 'orders');
    expect(await gitSays(at, 'log', '--format=%s')).not.toBe('');
    expect(filesIn(at)).toContain('.git/hooks/pre-commit');
    expect(await gitSays(at, 'branch', '--show-current')).toBe('main');
    expect(JSON.parse(stdout).notes).toEqual(
      expect.arrayContaining([
        'the branch is main, as pipelines expect; init.defaultBranch of your git is trunk',
        'the first commit ran no hook; later ones run those of core.hookspath and init.templatedir',
      ]),
    );
  });

  const signing = (program: string) => `${IDENTITY}[commit]\n\tgpgSign = true\n[gpg]\n\tprogram = ${program}\n`;

  it('is signed if the settings sign commits', async () => {
    const gpg = '#!/bin/sh\ncat > /dev/null\nprintf "\\n[GNUPG:] SIG_CREATED x\\n" >&2\nprintf "of Jo\\n"\n';
    const files = { '.gitconfig': signing('sign'), 'bin/sign': { run: gpg } };
    const { code, stderr, cwd } = await create(['orders', '--no-install'], files);
    expect(code, stderr).toBe(0);
    expect(await gitSays(join(cwd, 'orders'), 'cat-file', '-p', 'HEAD')).toContain('gpgsig of Jo');
  });

  it('that cannot be signed is made, and 4 says how to sign it', async () => {
    const files = { '.gitconfig': signing('false') };
    const { code, stdout, cwd } = await create(['orders', '--no-install'], files);
    const { git: step, attention } = JSON.parse(stdout);
    expect([code, step, attention]).toEqual([
      4,
      'done',
      [expect.stringMatching(/^the first commit is not signed \(.*gpg.*\): git commit --amend --no-edit -S$/)],
    ]);
    expect(await gitSays(join(cwd, 'orders'), 'log', '--format=%an')).toBe('Jo');
  });

  it('in an existing repository: what its settings ignore is named, and the exit code is 4', async () => {
    const { cwd, env } = homeWith({ '.gitignore': '*.json\n', '.config/git/ignore': 'README.md\n' });
    expect((await execute('git', ['init', '--quiet'], { cwd })).code).toBe(0);
    const args = ['orders', '--yes', '--no-install'];
    const options = { cwd, env: { ...env, XDG_CONFIG_HOME: join(cwd, '.config') }, program: small.program };
    const { code, stderr } = await run(args, options);
    expect(code, stderr).toBe(4);
    expect(stderr).toMatch(
      /look: git ignores \.twelve\.json, README\.md \(\.\.\/\.gitignore:1, .*\.config\/git\/ignore:1\), so a clone lacks them: git add -f \.twelve\.json README\.md/,
    );
    const json = await run([...args, '--overwrite', '--format', 'json'], options);
    expect([json.code, JSON.parse(json.stdout).attention.length]).toEqual([4, 1]);
  });

  it('identity missing: the repository is made, nothing is committed, and it says so', async () => {
    const config = '[user]\n\tuseConfigOnly = true\n';
    const { code, stdout, cwd } = await create(['orders', '--no-install'], { '.gitconfig': config });
    const { git: step, notes } = JSON.parse(stdout);
    expect([code, step, notes]).toEqual([
      0,
      'done',
      expect.arrayContaining([expect.stringContaining('git does not know your name yet')]),
    ]);
    expect(await gitSays(join(cwd, 'orders'), 'log')).toMatch(/^exit/);
    // So the commit that a person makes has them, whatever is ignored.
    expect(await gitSays(join(cwd, 'orders'), 'ls-files')).toContain('README.md');
  });

  it('git missing: the files are complete, and 4 says that a person is needed', async () => {
    const { code, stdout, cwd } = await create(['orders', '--no-install'], {}, { PATH: '/nonexistent' });
    const { git: step, notes } = JSON.parse(stdout);
    expect([code, step, notes]).toEqual([
      4,
      'failed',
      [expect.stringMatching(/^no git repository was made: git is not installed; /)],
    ]);
    expect(filesIn(join(cwd, 'orders'))).toHaveLength(4);
  });

  it('inside a repository: no repository is made, and the outer one is not touched', async () => {
    const { cwd: outer, env } = homeWith({});
    expect((await execute('git', ['init', '--quiet'], { cwd: outer })).code).toBe(0);
    const before = snapshot(join(outer, '.git'));
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
    expect(await gitSays(join(cwd, 'orders'), 'ls-files')).toContain('README.md');
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
