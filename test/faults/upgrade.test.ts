// @module-tag sampled
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseRepoPath } from '../../engine/core/repo-path.ts';
import { MANIFEST_PATH } from '../../engine/core/service/manifest.ts';
import { applyInPlace } from '../../engine/io/apply/in-place.ts';
import { removeFolder, snapshot, write } from '../support/folder.ts';
import { mountProblem } from '../support/mount.ts';
import { execute, PROGRAM, type RunResult, run } from '../support/program.ts';
import { runSabotaged, TAKES_ROOM } from '../support/sabotage.ts';
import * as shops from '../support/shop.ts';

/** docs/faults.md, "Upgrade": what is refused, against the built program and real repositories. */

const OLD = { 'a.txt': '1\n2\n3\n4\n5\n', 'gone.txt': 'x\n', 'src/b.txt': 'b\n' };
const NEXT = { 'a.txt': 'one\n2\n3\n4\n5\n', 'src/b.txt': 'bb\n', 'src/new/c.txt': 'c\n' };

const noMount = mountProblem();
if (noMount) console.warn(`skipped: ${noMount}`);

let opened: shops.Shop;
beforeAll(async () => {
  opened = await shops.openShop(OLD, NEXT);
});
afterAll(() => {
  removeFolder(opened.parent);
  shops.removeSmallProgram();
});

interface Refusal {
  readonly exit: number;
  readonly code: string;
  readonly reason: RegExp;
}

async function expectRefused(
  shop: shops.Shop,
  { exit, code, reason }: Refusal,
  args: readonly string[] = [],
): Promise<void> {
  const before = shops.state(shop);
  const result = await shops.upgrade(shop, ...args, '--format', 'json');
  expect([result.code, result.stderr]).toEqual([exit, expect.stringMatching(/^error: .+\nhelp: .+\n$/)]);
  expect(JSON.parse(result.stdout)).toMatchObject({ ok: false, code, message: expect.stringMatching(reason) });
  expect(shops.state(shop)).toEqual(before);
}

describe('a tree that git could not restore: 3', () => {
  it.each<[string, (orders: string) => void, RegExp]>([
    ['an edited file', (orders) => write(orders, { 'a.txt': 'mine\n' }), /has changes: a\.txt/],
    ['a deleted file', (orders) => rmSync(join(orders, 'a.txt')), /has changes: a\.txt/],
    ['an untracked file', (orders) => write(orders, { 'mine.txt': 'mine\n' }), /mine\.txt \(not in git\)/],
    ['an untracked file deep down', (orders) => write(orders, { 'x/y/z.txt': 'z\n' }), /x\/y\/z\.txt \(not in git\)/],
  ])('%s', async (_what, change, reason) => {
    const shop = shops.copyOf(opened);
    change(shop.orders);
    await expectRefused(shop, { exit: 3, code: 'NOT_CLEAN', reason });
  });

  it('a staged file', async () => {
    const shop = shops.copyOf(opened);
    write(shop.orders, { 'mine.txt': 'mine\n' });
    await shops.git(shop, 'add', '-A');
    await expectRefused(shop, { exit: 3, code: 'NOT_CLEAN', reason: /has changes: mine\.txt/ });
  });

  /** Two branches that changed one file; `main` is checked out. */
  async function diverged(): Promise<shops.Shop> {
    const shop = shops.copyOf(opened);
    await shops.git(shop, 'checkout', '-q', '-b', 'other');
    write(shop.orders, { 'mine.txt': 'other\n' });
    await shops.commit(shop);
    await shops.git(shop, 'checkout', '-q', 'main');
    write(shop.orders, { 'mine.txt': 'main\n' });
    await shops.commit(shop);
    return shop;
  }

  it.each([
    ['a merge', ['merge', '-q', 'other'], /a merge is under way/],
    ['a rebase', ['rebase', '-q', 'other'], /a rebase is under way/],
    ['a cherry-pick', ['cherry-pick', 'other'], /a cherry-pick is under way/],
    ['a revert', ['revert', 'HEAD~1'], /a revert is under way/],
  ])('%s is under way', async (_what, command, reason) => {
    const shop = await diverged();
    if (command[0] === 'revert') {
      write(shop.orders, { 'a.txt': 'main\n' });
      await shops.commit(shop);
      write(shop.orders, { 'a.txt': 'more\n' });
      await shops.commit(shop);
    }
    const ended = await execute('git', command, { cwd: shop.orders, env: shop.options.env });
    expect(ended.code).not.toBe(0);
    await expectRefused(shop, { exit: 3, code: 'NOT_CLEAN', reason });
  });

  it('a rebase that stopped with a clean tree', async () => {
    const shop = await diverged();
    const args = ['rebase', '-q', '-x', 'false', 'HEAD~1'];
    expect((await execute('git', args, { cwd: shop.orders, env: shop.options.env })).code).not.toBe(0);
    expect(await shops.git(shop, 'status', '--porcelain')).toBe('');
    await expectRefused(shop, { exit: 3, code: 'NOT_CLEAN', reason: /a rebase is under way/ });
  });

  it('unmerged entries without anything under way', async () => {
    const shop = await diverged();
    await execute('git', ['merge', '-q', 'other'], { cwd: shop.orders, env: shop.options.env });
    rmSync(join(shop.orders, '.git/MERGE_HEAD'));
    await expectRefused(shop, { exit: 3, code: 'NOT_CLEAN', reason: /has changes: mine\.txt/ });
  });

  it('a sparse checkout without files of the template', async () => {
    const shop = shops.copyOf(opened);
    await shops.git(shop, 'update-index', '--refresh'); // Copying changed the times by which git knows its files.
    await shops.git(shop, 'sparse-checkout', 'set', '--no-cone', '/*', '!/a.txt');
    expect(existsSync(join(shop.orders, 'a.txt'))).toBe(false);
    await expectRefused(shop, {
      exit: 3,
      code: 'NOT_CLEAN',
      reason: /does not have these files of the template: a\.txt/,
    });
    const planned = await shops.must(shops.upgrade(shop, '--branch', '--plan', '--format', 'json'));
    const branched = await shops.must(shops.upgrade(shop, '--branch', '--format', 'json'));
    const [plan, outcome] = [planned, branched].map(({ stdout }) => JSON.parse(stdout) as Record<string, unknown>);
    expect({ ...plan, applied: true, branch: 'twelve/upgrade' }).toEqual(outcome);
    expect(await shops.git(shop, 'show', 'twelve/upgrade:a.txt')).toBe('one\n2\n3\n4\n5\n');
  });

  it('no git, or no repository: 3 with the reason', async () => {
    const shop = shops.copyOf(opened);
    const none = { ...shop, options: shops.optionsIn(shop.parent, { PATH: makeAway(shop, 'empty') }) };
    await expectRefused(none, { exit: 3, code: 'NOT_POSSIBLE', reason: /needs git: git is not installed/ });
    rmSync(join(shop.orders, '.git'), { recursive: true });
    await expectRefused(shop, { exit: 3, code: 'NOT_POSSIBLE', reason: /needs git: .*not a git repository/ });
  });
});

function makeAway({ parent }: shops.Shop, name: string): string {
  mkdirSync(join(parent, name), { recursive: true });
  return join(parent, name);
}

interface Editable {
  template: { version: string; integrity: string };
  presets: { source: string; resolved: string; integrity: string }[];
  files: Record<string, { hash: string; owner: string }>;
}

async function forge(shop: shops.Shop, change: (manifest: Editable) => void): Promise<void> {
  const path = join(shop.orders, MANIFEST_PATH);
  const manifest = JSON.parse(readFileSync(path, 'utf8')) as Editable;
  change(manifest);
  writeFileSync(path, `${JSON.stringify(manifest, null, 2)}\n`);
  await shops.commit(shop);
}

describe('the old version has changed', () => {
  it('the folder of the preset has another version now, and the cache is empty: 5, never a two-way merge', async () => {
    const shop = shops.copyOf(opened);
    rmSync(join(shop.parent, 'cache'), { recursive: true });
    await expectRefused(shop, {
      exit: 5,
      code: 'SOURCE_NOT_FOUND',
      reason: /is at 2\.0\.0 by now, and 1\.0\.0 is neither/,
    });
  });

  it('an older version of a folder comes from its git history', async () => {
    const shop = await shops.openShop(OLD, OLD);
    const repository = { ...shop, orders: shop.parent };
    await shops.git(repository, 'init', '-q');
    shops.release(shop, '1.0.0', { files: shops.treeOf(OLD) });
    await shops.git(repository, 'add', 'preset');
    await shops.git(repository, 'commit', '-q', '-m', '1');
    shops.release(shop, '2.0.0', { files: shops.treeOf(NEXT) });
    rmSync(join(shop.parent, 'cache'), { recursive: true });
    await shops.must(shops.upgrade(shop));
    expect([...shops.treeIn(shop.orders).keys()]).toEqual(['a.txt', 'src/b.txt', 'src/new/c.txt']);
    removeFolder(shop.parent);
  });

  it('an entry of the cache was forged: it is removed', async () => {
    const shop = shops.copyOf(opened);
    const folder = join(shop.parent, 'cache/create-twelve-service/sources');
    for (const [path, what] of Object.entries(snapshot(folder)))
      if (what.startsWith('file')) writeFileSync(join(folder, path), what.slice(9).replace('1\n2', '1\n3'));
    await expectRefused(shop, { exit: 5, code: 'SOURCE_NOT_FOUND', reason: /preset/ });
  });

  it.each([
    ['the recorded version has other content, and nothing is kept', true, /has changed: it was/],
    ['the next version has the number of the recorded one', false, /under the same version/],
  ])('%s: 6', async (_, isGone, reason) => {
    const shop = shops.copyOf(opened);
    shops.release(shop, '1.0.0', { files: shops.treeOf(NEXT) });
    if (isGone) rmSync(join(shop.parent, 'cache'), { recursive: true });
    await expectRefused(shop, { exit: 6, code: 'SOURCE_CHANGED', reason });
  });

  it('the recorded integrity of the preset was forged: 5', async () => {
    const shop = shops.copyOf(opened);
    await forge(shop, ({ presets: [pin] }) => Object.assign(pin ?? {}, { integrity: `sha256-${'A'.repeat(43)}=` }));
    await expectRefused(shop, { exit: 5, code: 'SOURCE_NOT_FOUND', reason: /1\.0\.0 is neither/ });
  });

  it('the recorded hash of a managed file was forged: 6', async () => {
    const shop = await shops.openShop(OLD, NEXT, { preset: { ownership: [['**', 'managed']] } });
    await forge(shop, ({ files }) => {
      for (const file of Object.values(files)) if (file.owner === 'managed') file.hash = `sha256-${'A'.repeat(43)}=`;
    });
    await expectRefused(shop, { exit: 6, code: 'SOURCE_CHANGED', reason: /./ });
    removeFolder(shop.parent);
  });

  it('the source is gone, and the cache is empty: 2 or 5, and nothing changed', async () => {
    const shop = shops.copyOf(opened);
    rmSync(join(shop.parent, 'cache'), { recursive: true });
    rmSync(join(shop.parent, 'preset'), { recursive: true });
    const before = shops.state(shop);
    const result = await shops.upgrade(shop);
    expect([2, 5]).toContain(result.code);
    expect(shops.state(shop)).toEqual(before);
  });

  it('a service of a newer version than the program, whose templates cannot be fetched: 3', async () => {
    const copy = shops.copyOf(opened);
    const nowhere = { npm_config_registry: 'http://127.0.0.1:9/' };
    const shop = { ...copy, options: shops.optionsIn(copy.parent, nowhere) };
    await forge(shop, ({ template }) => Object.assign(template, { version: '9.9.9' }));
    await expectRefused(shop, {
      exit: 3,
      code: 'NOT_POSSIBLE',
      reason: /has version 9\.9\.9, and this program has version 0\.0\.1/,
    });
  });
});

describe('interrupted, or the disk is full', () => {
  const signals = ['SIGINT', 'SIGTERM'] as const;
  it.each(signals)('%s while it writes: 130 or 143, and nothing changed', async (act) => {
    const shop = shops.copyOf(opened);
    const before = shops.state(shop);
    const sabotage = { zone: shop.orders, at: 2, act, only: ['writeSync', 'linkSync'] };
    const result = await runSabotaged(['upgrade'], shop.options, sabotage);
    expect([result.code, result.stderr]).toEqual([
      act === 'SIGINT' ? 130 : 143,
      expect.stringContaining('nothing was written'),
    ]);
    expect(shops.state(shop)).toEqual(before);
  });

  it.each([1, 3, 5, 8, 12])('the disk is full from the %ith call on: 7, and nothing changed', async (at) => {
    const shop = shops.copyOf(opened);
    const before = shops.state(shop);
    const sabotage = { zone: shop.orders, at, act: 'ENOSPC', only: TAKES_ROOM, on: true } as const;
    const result = await runSabotaged(['upgrade'], shop.options, sabotage);
    expect([result.code, result.stderr]).toEqual([7, expect.stringContaining('the disk is full')]);
    expect(shops.state(shop)).toEqual(before);
  });

  it.skipIf(noMount)('the disk of temporary folders is full while git works: 7, and nothing changed', async () => {
    const codes = new Set<number | null>();
    for (const args of [[], ['--branch']])
      for (let size = 4; size <= 128; size *= 2) {
        const shop = shops.copyOf(opened);
        writeFileSync(join(shop.orders, 'a.txt'), `${OLD['a.txt']}mine\n`);
        await shops.commit(shop);
        const before = shops.state(shop);
        const mount = `mount -t tmpfs -o size=${size}k tmpfs /mnt && cd "$0" && exec "$@"`;
        const { cwd, program = PROGRAM, env } = shop.options;
        const command = ['-m', 'sh', '-c', mount, cwd, process.execPath, program, 'upgrade', ...args];
        const ended = await execute('unshare', command, { cwd, env: { ...env, TMPDIR: '/mnt' } });
        codes.add(ended.code);
        if (ended.code === 0) continue;
        expect([size, ended.code, ended.stderr]).toEqual([
          size,
          7,
          expect.stringMatching(/^error: .*the disk is full/),
        ]);
        expect(shops.state(shop)).toEqual(before);
      }
    expect(codes).toContain(7);
  });

  it('the disk fails when files are replaced: 7, and nothing changed', async () => {
    const shop = shops.copyOf(opened);
    const before = shops.state(shop);
    const sabotage = { zone: shop.orders, at: 3, act: 'EIO', only: ['renameSync'] } as const;
    const result = await runSabotaged(['upgrade'], shop.options, sabotage);
    expect(result.code, result.stderr).toBe(7);
    expect(shops.state(shop)).toEqual(before);
  });
});

describe('more than once', () => {
  it('nothing to do: the plan is one line, and JSON says that nothing was applied', async () => {
    const shop = shops.copyOf(opened);
    const first = await shops.upgrade(shop, '--format', 'json');
    expect([first.code, JSON.parse(first.stdout).applied]).toEqual([0, true]);
    await shops.commit(shop);
    const planned = await shops.upgrade(shop, '--plan');
    expect([planned.code, planned.stdout]).toEqual([
      0,
      'orders is at acme 2.0.0 on create-twelve-service 0.0.1; nothing to do.\n',
    ]);
    for (const args of [[], ['--branch']]) {
      const second = await shops.upgrade(shop, ...args, '--format', 'json');
      expect([second.code, JSON.parse(second.stdout).applied]).toEqual([0, false]);
    }
  });

  it('upgrade twice: the second changes nothing', async () => {
    const shop = shops.copyOf(opened);
    expect((await shops.upgrade(shop)).code).toBe(0);
    await shops.commit(shop);
    const before = shops.state(shop);
    const second = await shops.upgrade(shop);
    expect([second.code, second.stderr]).toEqual([0, expect.stringContaining('nothing to do')]);
    expect(shops.state(shop)).toEqual(before);
  });

  it('two at once: one does it, the other is refused or has nothing to do', async () => {
    const alone = shops.copyOf(opened);
    expect((await shops.upgrade(alone)).code).toBe(0);
    const shop = shops.copyOf(opened);
    const results: RunResult[] = await Promise.all([shops.upgrade(shop), shops.upgrade(shop)]);
    expect(results.map(({ code }) => code).sort(), results.map(({ stderr }) => stderr).join()).toEqual([0, 3]);
    const tree = (one: shops.Shop) =>
      Object.fromEntries(Object.entries(shops.state(one)).filter(([path]) => !path.startsWith('.git')));
    expect(tree(shop)).toEqual(tree(alone));
    expect(existsSync(join(shop.orders, '.twelve-stage'))).toBe(false);
  });

  it('a file that somebody deletes just before the commit stays deleted', async () => {
    const shop = shops.copyOf(opened);
    const before = { content: readFileSync(join(shop.orders, 'gone.txt')), mode: 0o644 } as const;
    const change = { kind: 'delete', path: parseRepoPath('gone.txt'), before } as const;
    const applying = applyInPlace(shop.orders, [change], async () => rmSync(join(shop.orders, 'gone.txt')));
    await expect(applying).rejects.toMatchObject({ code: 'TARGET_CHANGED' });
    expect(existsSync(join(shop.orders, 'gone.txt'))).toBe(false);
    expect(existsSync(join(shop.orders, '.twelve-stage'))).toBe(false);
  });

  it('what a killed run left is removed before git is asked, with a message', async () => {
    const shop = shops.copyOf(opened);
    const sabotage = { zone: shop.orders, at: 1, act: 'kill', only: ['linkSync'] } as const;
    expect((await runSabotaged(['upgrade'], shop.options, sabotage)).signal).toBe('SIGKILL');
    expect(readdirSync(shop.orders).filter((name) => name.includes('twelve-stage'))).toHaveLength(1);
    const upgraded = await shops.upgrade(shop);
    expect([upgraded.code, upgraded.stderr]).toEqual([0, expect.stringContaining('left by a killed run, was removed')]);
  });

  it('add-endpoint while one is pending: 3', async () => {
    const shop = shops.copyOf(opened);
    write(shop.orders, { 'a.txt': 'uno\n2\n3\n4\n5\n' });
    await shops.commit(shop);
    expect((await shops.upgrade(shop)).code).toBe(4);
    const before = shops.state(shop);
    const added = await run(['add-endpoint', 'GET /x', '--yes', '--format', 'json'], shop.options);
    expect([added.code, JSON.parse(added.stdout)]).toEqual([3, expect.objectContaining({ code: 'UPGRADE_PENDING' })]);
    await expectRefused(shop, { exit: 3, code: 'UPGRADE_PENDING', reason: /conflicts in a\.txt/ });
    expect(shops.state(shop)).toEqual(before);
  });
});
