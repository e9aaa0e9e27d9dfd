// @module-tag sampled
import { chmodSync, existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readCommittedTree } from '../../engine/io/git/committed-tree.ts';
import { removeFolder, write } from '../support/folder.ts';
import { visible } from '../support/merging.ts';
import { execute, run } from '../support/program.ts';
import * as shops from '../support/shop.ts';

/** `upgrade --branch`: the commit has what `git add` and `git commit` would make of the upgrade in place. */

const OLD = { 'a.txt': '1\n2\n3\n4\n5\n', 'b.txt': 'b\n', 'gone.txt': 'x\n', 'run.sh': 'r\n' };
const NEXT = { 'a.txt': 'one\n2\n3\n4\n5\n', 'b.txt': 'bb\n', 'new/c.txt': 'c\n', 'run.sh': { run: 'r\n' } };

let opened: shops.Shop;
beforeAll(async () => {
  opened = await shops.openShop(OLD, NEXT);
});
afterAll(() => {
  removeFolder(opened.parent);
  shops.removeSmallProgram();
});

/** The trees that an upgrade in a branch and one in place give; and the shop with the branch. */
async function bothWays(shop: shops.Shop, exit: 0 | 4) {
  const inPlace = shops.copyOf(shop);
  const branched = await shops.upgrade(shop, '--branch', '--format', 'json');
  const placed = await shops.upgrade(inPlace, '--format', 'json');
  expect([branched.code, placed.code], branched.stderr + placed.stderr).toEqual([exit, exit]);
  await shops.git(inPlace, 'add', '-A');
  const list = async (one: shops.Shop, tree: string) => (await shops.git(one, 'ls-tree', '-r', tree)).split('\n');
  const [branch, place] = [
    await list(shop, 'twelve/upgrade'),
    await list(inPlace, (await shops.git(inPlace, 'write-tree')).trim()),
  ];
  expect(branch).toEqual(place);
  const committed = readCommittedTree(shop.orders, 'twelve/upgrade');
  return (path: string) => visible(committed)[path];
}

describe('a file that the template moves to where something of the team is', () => {
  it.each<[string, string, (orders: string) => void, string, string]>([
    [
      'a file above it',
      'docs/guide/b.md',
      (orders) => write(orders, { 'docs/guide': 'mine\n' }),
      'docs/guide',
      'docs/guide.twelve-theirs/b.md',
    ],
    [
      'a folder',
      'guide',
      (orders) => write(orders, { 'guide/mine.md': 'mine\n' }),
      'guide/mine.md',
      'guide.twelve-theirs',
    ],
    ['a link', 'guide', (orders) => write(orders, { guide: { link: 'docs' } }), 'guide', 'guide.twelve-theirs'],
  ])('%s: a conflict in place, in a branch and in a rehearsal', async (_what, to, make, mine, beside) => {
    const migrations = [{ version: '2.0.0', move: { 'docs/b.md': to } }];
    const shop = await shops.openShop({ 'docs/b.md': 'b\n' }, { [to]: 'b\n' }, { presetNext: { migrations } });
    make(shop.orders);
    await shops.commit(shop);
    const rehearsed = await run(['rehearse', '--preset', '../preset', '--format', 'json'], shop.options);
    expect([rehearsed.code, rehearsed.stdout]).toEqual([4, expect.stringContaining('"result":"conflict"')]);
    const before = await shops.git(shop, 'ls-tree', 'HEAD', mine);
    await bothWays(shop, 4);
    expect(before).not.toBe('');
    expect(await shops.git(shop, 'ls-tree', 'twelve/upgrade', mine)).toBe(before);
    expect(await shops.git(shop, 'show', `twelve/upgrade:${beside}`)).toBe('b\n');
    removeFolder(shop.parent);
  });
});

describe('a file that the template adds', () => {
  it('in a folder that tools fill, where the team has committed one: a conflict in place and in a branch', async () => {
    const shop = await shops.openShop({ 'x.txt': 'x\n' }, { 'x.txt': 'x\n', 'dist/a.txt': 'theirs\n' });
    write(shop.orders, { 'dist/a.txt': 'mine\n' });
    await shops.commit(shop);
    const show = await bothWays(shop, 4);
    expect(show('dist/a.txt')).toMatch(/^644 <<<<<<< yours\nmine\n/);
    removeFolder(shop.parent);
  });

  it('in an empty folder of its name takes its place, as in a branch', async () => {
    const shop = await shops.openShop({ 'x.txt': 'x\n' }, { 'x.txt': 'x\n', docs: 'theirs\n' });
    write(shop.orders, { 'docs/empty/': '' });
    const inPlace = shops.copyOf(shop);
    await bothWays(shop, 0);
    await shops.must(shops.upgrade(inPlace));
    expect(shops.files(inPlace).docs).toBe('file 644 theirs\n');
    removeFolder(shop.parent);
  });
});

describe('line ends, encodings and filters', () => {
  it('with core.autocrlf: a blob with CRLF keeps it, one with LF keeps that', async () => {
    const shop = shops.copyOf(opened);
    write(shop.orders, { 'a.txt': '1\r\n2\r\n3\r\n4\r\nfive\r\n' });
    await shops.commit(shop);
    await shops.git(shop, 'config', 'core.autocrlf', 'true');
    const show = await bothWays(shop, 0);
    expect(show('a.txt')).toBe('644 one\r\n2\r\n3\r\n4\r\nfive\r\n');
    expect(show('b.txt')).toBe('644 bb\n');
    expect(show('new/c.txt')).toBe('644 c\n');
  });

  it.each([
    ['eol=crlf', '*.txt text eol=crlf\n'],
    ['an encoding of the checkout', 'a.txt text working-tree-encoding=UTF-16LE-BOM\n'],
    ['-text', '*.txt -text\n'],
    ['a filter', '*.txt filter=shift\n'],
    ['ident', '*.txt ident\n'],
  ])('with .gitattributes: %s', async (_what, attributes) => {
    const shop = shops.copyOf(opened);
    await shops.git(shop, 'config', 'filter.shift.clean', 'tr a-z b-za');
    await shops.git(shop, 'config', 'filter.shift.smudge', 'tr b-za a-z');
    await shops.git(shop, 'config', 'filter.shift.required', 'true');
    write(shop.orders, { '.gitattributes': attributes });
    await shops.git(shop, 'rm', '-r', '-q', '--cached', '.');
    await shops.commit(shop);
    await shops.git(shop, 'rm', '-r', '-q', '.');
    await shops.git(shop, 'checkout', '-q', 'HEAD', '--', '.');
    expect(await shops.git(shop, 'status', '--porcelain')).toBe('');
    await bothWays(shop, attributes.includes('UTF-16') ? 4 : 0);
  });

  it('with .gitattributes that the upgrade itself brings', async () => {
    const shop = await shops.openShop(OLD, { ...NEXT, '.gitattributes': '*.txt text=auto\n' });
    write(shop.orders, { 'a.txt': '1\r\n2\r\n3\r\n4\r\nfive\r\n' });
    await shops.commit(shop);
    await bothWays(shop, 0);
    removeFolder(shop.parent);
  });

  it('in a folder of a larger repository, with attributes above it', async () => {
    const shop = shops.copyOf(opened);
    await execute('rm', ['-rf', '.git'], { cwd: shop.orders, env: shop.options.env });
    const repository = { ...shop, orders: shop.parent };
    write(shop.parent, { '.gitattributes': '*.txt text eol=crlf\n', '.gitignore': '*\n!orders\n!orders/**\n!.git*\n' });
    await shops.git(repository, 'init', '-q', '-b', 'main');
    await shops.commit(repository);
    const result = await shops.upgrade(shop, '--branch=next');
    expect(result.code, result.stderr).toBe(0);
    const changed = await shops.git(repository, 'diff', '--name-status', 'main', 'next');
    expect(changed.trim().split('\n').sort()).toEqual([
      'A\torders/new/c.txt',
      'D\torders/gone.txt',
      'M\torders/.twelve.json',
      'M\torders/a.txt',
      'M\torders/b.txt',
      'M\torders/run.sh',
    ]);
    expect(await shops.git(repository, 'show', 'next:orders/a.txt')).toBe('one\n2\n3\n4\n5\n');
  });
});

describe('a commit', () => {
  const commitOf = (shop: shops.Shop) => shops.git(shop, 'cat-file', 'commit', 'twelve/upgrade');

  async function signingWith(program: string): Promise<shops.Shop> {
    const shop = shops.copyOf(opened);
    write(shop.parent, { 'sign.sh': { run: `#!/bin/sh\n${program}\n` } });
    for (const [key, value] of [
      ['commit.gpgsign', 'true'],
      ['gpg.program', join(shop.parent, 'sign.sh')],
      ['user.signingkey', 'KEY1'],
    ] as const)
      await shops.git(shop, 'config', key, value);
    return shop;
  }

  it('is signed as commit.gpgsign says, with the program and key of the user', async () => {
    const shop = await signingWith('echo "[GNUPG:] SIG_CREATED " >&2\necho "signed with $*"\ncat > /dev/null');
    const result = await shops.upgrade(shop, '--branch');
    expect(result.code, result.stderr).toBe(0);
    expect(await commitOf(shop)).toMatch(/^gpgsig signed with .*KEY1$/m);
  });

  it('that cannot be signed is refused with what git says, and there is no branch: 3', async () => {
    const shop = await signingWith('echo "no such key: KEY1" >&2; exit 2');
    const before = shops.state(shop);
    const result = await shops.upgrade(shop, '--branch');
    expect([result.code, result.stderr]).toEqual([3, expect.stringMatching(/gpg failed to sign the data/)]);
    expect(result.stderr).toContain('commit.gpgsign');
    expect(shops.state(shop)).toEqual(before);
  });

  it('is signed with an ssh key', async () => {
    const shop = shops.copyOf(opened);
    const key = join(shop.parent, 'key');
    await shops.must(execute('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key], shop.options));
    chmodSync(key, 0o600);
    await shops.git(shop, 'config', 'commit.gpgsign', 'true');
    await shops.git(shop, 'config', 'gpg.format', 'ssh');
    await shops.git(shop, 'config', 'user.signingkey', key);
    const result = await shops.upgrade(shop, '--branch');
    expect(result.code, result.stderr).toBe(0);
    expect(await commitOf(shop)).toContain('gpgsig -----BEGIN SSH SIGNATURE-----');
  });

  it('is not signed if nobody asked for it, and runs no hook', async () => {
    const shop = shops.copyOf(opened);
    const trace = `#!/bin/sh\ntouch ${join(shop.parent, 'ran-')}$(basename $0)\n`;
    const hooks = ['pre-commit', 'post-commit', 'commit-msg', 'reference-transaction', 'post-checkout'];
    for (const hook of hooks) write(shop.orders, { [`.git/hooks/${hook}`]: { run: trace } });
    const result = await shops.upgrade(shop, '--branch');
    expect(result.code, result.stderr).toBe(0);
    expect(await commitOf(shop)).not.toContain('gpgsig');
    expect(readdirSync(shop.parent).filter((name) => name.startsWith('ran-'))).toEqual([]);
    expect(existsSync(join(shop.orders, '.twelve-stage'))).toBe(false);
  });
});
