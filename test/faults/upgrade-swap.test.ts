// @module-tag sampled
import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { removeFolder, snapshot, write } from '../support/folder.ts';
import { FILES_ONLY, run } from '../support/program.ts';
import * as shops from '../support/shop.ts';

/** docs/faults.md, "Upgrade": a new version has a folder where the old one has a file, or a file where it has a folder. */
const OLD = {
  config: 'c\n',
  'tools/a.sh': 'a\n',
  'tools/deep/b.txt': 'b\n',
  'gone/only.txt': 'o\n',
  'kept.txt': 'k\n',
};
const NEXT = { 'config/a.ts': 'new a\n', 'config/deep/b.ts': 'new b\n', tools: 't\n', 'kept.txt': 'kk\n' };

let opened: shops.Shop;
beforeAll(async () => {
  opened = await shops.openShop(OLD, NEXT);
});
afterAll(() => {
  removeFolder(opened.parent);
  shops.removeSmallProgram();
});

/** A copy of the service with unusual modes and some more files. */
function edited(more: Parameters<typeof write>[1] = {}): shops.Shop {
  const shop = shops.copyOf(opened);
  write(shop.orders, more);
  chmodSync(join(shop.orders, 'config'), 0o640);
  chmodSync(join(shop.orders, 'tools'), 0o750);
  chmodSync(join(shop.orders, 'tools/deep'), 0o700);
  chmodSync(join(shop.orders, 'tools/a.sh'), 0o400);
  return shop;
}

/** Git does not see these files. */
const IGNORE = { '.git/info/exclude': '*.local\n' };

describe('a file and a folder change places', () => {
  it('on a service that nobody touched: the same as a new service, without empty folders', async () => {
    const shop = edited();
    await shops.must(shops.upgrade(shop));
    const args = ['orders', '--dir', 'new', '--yes', ...FILES_ONLY, '--preset', './preset'];
    await shops.must(run(args, { ...shop.options, cwd: shop.parent }));
    const modeless = (folder: string) =>
      Object.fromEntries(
        Object.entries(snapshot(folder))
          .filter(([path]) => !/^(\.git(\/|$)|\.twelve\.json$|\.$)/.test(path))
          .map(([path, what]) => [path, what.replace(/ \d+/, '')]),
      );
    expect(modeless(shop.orders)).toEqual(modeless(join(shop.parent, 'new')));
  });

  it('--branch commits the same', async () => {
    const [branched, applied] = [edited(), edited()];
    await shops.must(shops.upgrade(branched, '--branch'));
    await shops.must(shops.upgrade(applied));
    rmSync(join(branched.orders, 'tools'), { recursive: true });
    await shops.git(branched, 'checkout', '-q', '-f', 'twelve/upgrade');
    await shops.commit(applied);
    expect(await shops.git(branched, 'ls-tree', '-r', 'HEAD')).toBe(await shops.git(applied, 'ls-tree', '-r', 'HEAD'));
  });

  it('undo gives every file, folder and mode back', async () => {
    const shop = edited();
    const before = shops.files(shop);
    await shops.must(shops.upgrade(shop));
    expect(shops.files(shop).tools).toBe('file 644 t\n');
    await shops.must(run(['undo'], shop.options));
    expect(shops.files(shop)).toEqual(before);
    expect(await shops.git(shop, 'status', '--porcelain')).toBe('');
  });

  it('an empty folder in the way is no obstacle, and undo makes it again', async () => {
    const shop = edited({ 'tools/empty/er/': '' });
    const before = shops.files(shop);
    await shops.must(shops.upgrade(shop));
    expect(shops.files(shop).tools).toBe('file 644 t\n');
    await shops.must(run(['undo'], shop.options));
    expect(shops.files(shop)).toEqual(before);
  });

  it.each<[string, Parameters<typeof write>[1], string]>([
    ['an ignored file in the folder', { ...IGNORE, 'tools/mine.local': 'mine\n' }, 'tools.twelve-theirs'],
    ['a file of the team in the folder', { 'tools/mine.txt': 'mine\n' }, 'tools.twelve-theirs'],
    [
      'a folder that no upgrade looks into',
      { ...IGNORE, 'tools/node_modules/x.local': 'mine\n' },
      'tools.twelve-theirs',
    ],
    ['an edit in the folder', { 'tools/deep/b.txt': 'b\nmine\n' }, 'tools.twelve-theirs'],
    ['an edit of the file', { config: 'c\nmine\n' }, 'config.twelve-theirs/a.ts'],
    ['a link in the folder', { 'tools/link': { link: 'a.sh' } }, 'tools.twelve-theirs'],
  ])('%s: 4, it stays, and what the template has is beside it', async (_what, more, beside) => {
    const shop = edited(more);
    await shops.commit(shop);
    const before = shops.files(shop);
    const upgraded = await shops.upgrade(shop);
    expect([upgraded.code, upgraded.stderr]).toEqual([4, expect.stringMatching(/is a folder|is in the way/)]);
    const after = shops.files(shop);
    expect(after[beside]).toBe(`file 644 ${NEXT[beside.replace('.twelve-theirs', '') as keyof typeof NEXT]}`);
    for (const [path, what] of Object.entries(more))
      if (typeof what === 'string' && !path.startsWith('.git')) expect(after[path]).toContain('mine\n');
    await shops.must(shops.upgrade(shop, '--abort'));
    expect(shops.files(shop)).toEqual(before);
  });

  it('run from a folder that would go: the folder stays, or 3 if it is in the way', async () => {
    const [shop, other] = [edited(), edited()];
    rmSync(join(shop.orders, 'tools'), { recursive: true });
    await shops.commit(shop);
    const stood = { ...shop.options, cwd: join(shop.orders, 'gone') };
    await shops.must(run(['upgrade'], stood));
    expect(shops.files(shop).gone).toMatch(/^folder/);
    const refused = await run(['upgrade'], { ...other.options, cwd: join(other.orders, 'tools/deep') });
    expect([refused.code, refused.stderr]).toEqual([3, expect.stringContaining('tools (a folder) is in the way')]);
  });
});

describe('undo of an upgrade that changed their places', () => {
  it.each<[string, (orders: string) => void, string]>([
    ['a file in the new folder', (orders) => writeFileSync(join(orders, 'config/mine.ts'), 'mine\n'), 'config'],
    ['an edit of the new file', (orders) => writeFileSync(join(orders, 'tools'), 'mine\n'), 'tools'],
    [
      'a folder of the team in place of the new file',
      (orders) => {
        rmSync(join(orders, 'tools'));
        mkdirSync(join(orders, 'tools'));
        writeFileSync(join(orders, 'tools/mine.txt'), 'mine\n');
      },
      'tools',
    ],
  ])('is refused after %s: 3, and nothing changed', async (_what, edit, named) => {
    const shop = edited();
    await shops.must(shops.upgrade(shop));
    edit(shop.orders);
    const before = shops.state(shop);
    for (const args of [['undo', '--plan'], ['undo']]) {
      const refused = await run(args, shop.options);
      expect([refused.code, refused.stderr]).toEqual([
        3,
        expect.stringMatching(`files were edited after that run: .*${named}`),
      ]);
      expect(shops.state(shop)).toEqual(before);
    }
  });
});
