// @module-tag sampled
import { describe, expect, it } from 'vitest';
import { texts, user } from '../support/fetching.ts';
import { filesIn, write } from '../support/folder.ts';
import { type GitManners, gitRepository, gitServer } from '../support/git-server.ts';

/** A source that is a repository, fetched by a real git from a server on this machine. */

async function served(manners: GitManners = {}) {
  const repository = gitRepository({
    'a.txt': 'one',
    'bin/run.sh': { run: '#!/bin/sh\n' },
    '.gitattributes': '* eol=crlf\n',
  });
  const first = repository.git('rev-parse', 'HEAD');
  repository.git('tag', '--annotate', '--message', 'v1', 'v1');
  const { url, close } = await gitServer(repository.root, manners);
  return { ...repository, first, close, source: `${url}/preset.git` };
}

describe('a repository', () => {
  it('gives the files of a commit, as they are stored', async () => {
    const { source, first, commit } = await served();
    const second = commit({ 'a.txt': 'two' });
    const person = user();
    const tagged = await person.fetch(`${source}#v1`);
    expect(texts(tagged)).toEqual({ 'a.txt': 'one', 'bin/run.sh': '#!/bin/sh\n', '.gitattributes': '* eol=crlf\n' });
    expect(tagged.files.get('bin/run.sh' as never)?.mode).toBe(0o755);
    expect(tagged.resolved).toBe(`${source}#${first}`);
    for (const ref of ['', '#main', '#refs/heads/main', `#${second}`])
      expect((await person.fetch(`${source}${ref}`)).resolved).toBe(`${source}#${second}`);
  });

  it('without files is a source without files', async () => {
    const { source, git } = await served();
    git('rm', '--quiet', '-r', '.');
    git('commit', '--quiet', '--message', 'None');
    expect((await user().fetch(source)).files.size).toBe(0);
  });

  it('runs no hook and no filter of the user or the source', async () => {
    const { source } = await served();
    const person = user({
      '.gitconfig':
        '[core]\n\thooksPath = ~/hooks\n\tattributesFile = ~/attributes\n[init]\n\ttemplateDir = ~/template\n[filter "x"]\n\tsmudge = touch ~/ran\n',
      attributes: '* filter=x\n',
    });
    for (const hook of ['hooks/reference-transaction', 'template/hooks/reference-transaction', 'hooks/post-checkout'])
      write(person.home, { [hook]: { run: '#!/bin/sh\ntouch "$HOME/ran"\n' } });
    await person.fetch(source);
    expect(filesIn(person.home)).not.toContain('ran');
  });

  it.each<[string, string, (repository: Awaited<ReturnType<typeof served>>) => void]>([
    ['a symbolic link', 'is a symbolic link', ({ commit }) => commit({ link: { link: '/etc/passwd' } })],
    [
      'a submodule',
      'is a submodule',
      ({ git, first }) => {
        git('update-index', '--add', '--cacheinfo', `160000,${first},sub`);
        git('commit', '--quiet', '--message', 'Sub');
      },
    ],
    [
      'a file of 10 MB and a byte',
      'is larger than',
      ({ commit }) => commit({ large: Buffer.alloc(10 * 1024 * 1024 + 1) }),
    ],
    ['a path that Windows reserves', 'the device name', ({ commit }) => commit({ 'aux.txt': 'x' })],
    [
      'a .git folder',
      'has objects that git refuses',
      ({ git }) => {
        const blob = git('rev-parse', 'HEAD:a.txt');
        const tree = git('-c', 'core.protectNTFS=false', 'rev-parse', 'HEAD^{tree}');
        // git mktree refuses no name.
        const inner = mktree(git, `040000 tree ${tree}\t.git\n100644 blob ${blob}\ta\n`);
        git('update-ref', 'refs/heads/main', git('commit-tree', '-m', 'Evil', inner));
      },
    ],
  ])('with %s is refused', async (_, reason, spoil) => {
    const repository = await served();
    spoil(repository);
    const error = await user().refused(repository.source);
    expect(error).toMatchObject({ code: 'TEMPLATE_UNSAFE', exit: 6 });
    expect(error.message).toContain(reason);
  });
});

function mktree(git: (...args: string[]) => string, listing: string): string {
  return git('-c', `alias.tree=!printf '%s' '${listing}' | git mktree`, 'tree');
}

describe('a pinned repository', () => {
  it('comes from the cache by its content, and from the server by its commit even if the tag has moved', async () => {
    const { source, commit, git, close } = await served();
    const person = user();
    const { files, ...pin } = await person.fetch(`${source}#v1`);
    commit({ 'a.txt': 'evil' });
    git('tag', '--force', 'v1');
    expect(await user().fetch(`${source}#v1`, { pin })).toEqual({ files, ...pin });
    close();
    expect(await person.fetch(`${source}#v1`, { pin })).toEqual({ files, ...pin });
    expect(await person.refused(`${source}#v1`)).toMatchObject({ code: 'SOURCE_UNREACHABLE', exit: 5 });
  });

  it('comes from a server that gives no single commits while its tag stands, and no longer once it has moved', async () => {
    const { source, commit, git, first } = await served({ isOld: true });
    const { files, ...pin } = await user().fetch(`${source}#v1`);
    commit({ 'b.txt': 'more' });
    expect(await user().fetch(`${source}#v1`, { pin })).toEqual({ files, ...pin });
    git('checkout', '--quiet', '--orphan', 'other');
    const moved = commit({ 'a.txt': 'evil' });
    git('tag', '--force', 'v1');
    git('branch', '--delete', '--force', 'main');
    const error = await user().refused(`${source}#v1`, { pin });
    expect(error).toMatchObject({ code: 'SOURCE_CHANGED', exit: 6 });
    expect(error.message).toContain(`it was ${first}, it is ${moved}`);
    git('tag', '--delete', 'v1');
    expect(await user().refused(`${source}#v1`, { pin })).toMatchObject({ code: 'SOURCE_NOT_FOUND', exit: 5 });
  });

  it('that has the commit but not the content of the pin is refused', async () => {
    const { source } = await served();
    const { files, ...pin } = await user().fetch(source);
    const forged = { ...pin, integrity: `sha256-${'A'.repeat(43)}=` };
    const error = await user().refused(source, { pin: forged });
    expect(error).toMatchObject({ code: 'SOURCE_CHANGED', exit: 6 });
    expect(error.message).toContain(`it was ${forged.integrity}, it is ${pin.integrity}`);
    expect(files.size).toBe(3);
  });
});

describe('a git server', () => {
  it('that requires a login gets it only from the credential helper', async () => {
    const { source } = await served({ password: 's3cret' });
    const helper = '!f() { echo username=user; echo password=s3cret; }; f';
    const known = user({ '.gitconfig': `[credential]\n\thelper = "${helper}"\n` });
    expect((await known.fetch(source)).files.size).toBe(3);
    const asks = { GIT_ASKPASS: 'false', SSH_ASKPASS: 'false' };
    for (const person of [
      user(),
      user({}, asks),
      user({ '.gitconfig': `[credential]\n\thelper = "${helper.replace('s3cret', 'wr0ng')}"\n` }),
    ]) {
      const error = await person.refused(source, { timeout: 10_000 });
      expect(error).toMatchObject({ code: 'SOURCE_DENIED', exit: 5 });
      expect(error.message).not.toMatch(/s3cret|wr0ng/);
    }
  });

  it.each([
    [403, 'SOURCE_DENIED'],
    [404, 'SOURCE_NOT_FOUND'],
    [500, 'SOURCE_UNREACHABLE'],
  ])('that answers %d is %s', async (status, code) => {
    const { source } = await served({ status });
    expect(await user().refused(source)).toMatchObject({ code, exit: 5 });
  });

  it.each(['v9', '0'.repeat(40)])('that has no %s is told apart from one that is not there', async (ref) => {
    const { source } = await served();
    expect(await user().refused(`${source}#${ref}`)).toMatchObject({ code: 'SOURCE_NOT_FOUND', exit: 5 });
  });

  it('that does not answer ends the fetch in time', async () => {
    const { source } = await served({ stalls: true });
    const error = await user().refused(source, { timeout: 1_500 });
    expect(error).toMatchObject({ code: 'SOURCE_UNREACHABLE', exit: 5 });
    expect(error.message).toContain('in time');
  });

  it.each<[string, (root: string) => string]>([
    ['ext', () => 'ext::sh -c "touch ~/ran" '],
    ['file', (root) => `file://${root}/preset.git`],
  ])('is not replaced by %s:, whatever the settings of git say', async (protocol, other) => {
    const { source, root } = await served();
    const url = other(root).replaceAll('"', '\\"');
    const config = `[url "${url}"]\n\tinsteadOf = ${source.slice('git+'.length)}\n[protocol]\n\tallow = always\n`;
    const person = user({ '.gitconfig': `${config}[protocol "${protocol}"]\n\tallow = always\n` });
    const error = await person.refused(source);
    expect(error.message).toContain(`transport '${protocol}' not allowed`);
    expect(filesIn(person.home)).toEqual(['.gitconfig']);
  });
});
