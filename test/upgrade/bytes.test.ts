// @module-tag sampled
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { removeFolder, write } from '../support/folder.ts';
import { run } from '../support/program.ts';
import * as shops from '../support/shop.ts';

/** Text that is not UTF-8 merges like any text, and names that are not UTF-8 are left alone. */

const OLD = { 'a.txt': '1\n2\n3\n4\n5\n6\n7\n', 'b.json': '{\n  "a": 1,\n  "b": 2\n}\n', 'docs/c.md': 'c\n' };
const NEXT = { 'a.txt': 'one\n2\n3\n4\n5\n6\n7\n', 'b.json': '{\n  "a": 1,\n  "b": 3\n}\n', 'docs/c.md': 'cc\n' };

let opened: shops.Shop;
beforeAll(async () => {
  opened = await shops.openShop(OLD, NEXT);
});
afterAll(() => {
  removeFolder(opened.parent);
  shops.removeSmallProgram();
});

/** A path in a folder, with the byte 0xff before its end. */
const foreign = (folder: string, end: string) =>
  Buffer.concat([Buffer.from(`${folder}/`), Buffer.from([0xff]), Buffer.from(end)]);

const names = (folder: string) =>
  readdirSync(folder, { encoding: 'buffer' })
    .map((name) => name.toString('latin1'))
    .filter((name) => !name.startsWith('.'))
    .sort();

async function upgradeBothWays(shop: shops.Shop, exit: number) {
  const branched = await shops.upgrade(shop, '--branch', '--format', 'json');
  const planned = await shops.upgrade(shop, '--plan', '--format', 'json');
  const placed = await shops.upgrade(shop, '--format', 'json');
  expect([branched.code, planned.code, placed.code], branched.stderr + planned.stderr + placed.stderr).toEqual([
    exit,
    exit,
    exit,
  ]);
  const [one, two, three] = [branched, planned, placed].map(({ stdout }) => JSON.parse(stdout) as { files: object[] });
  expect(one?.files).toEqual(three?.files);
  expect(two?.files).toEqual(three?.files);
  await shops.git(shop, 'add', '-A');
  expect(await shops.git(shop, 'diff', '--cached', '--name-only', 'twelve/upgrade')).toBe('');
  return three?.files as { path: string; outcome: string; note?: string }[];
}

describe('text in Latin-1', () => {
  it('is merged by lines, and its bytes stay', async () => {
    const shop = shops.copyOf(opened);
    const ours = Buffer.from('1\n2\n3\n4\n5\n6\nsi\xe9 \xe8ge\n7\n', 'latin1');
    writeFileSync(join(shop.orders, 'a.txt'), ours);
    await shops.commit(shop);
    const files = await upgradeBothWays(shop, 0);
    expect(files).toContainEqual(expect.objectContaining({ path: 'a.txt', outcome: 'merged' }));
    expect(readFileSync(join(shop.orders, 'a.txt'), 'latin1')).toBe('one\n2\n3\n4\n5\n6\nsi\xe9 \xe8ge\n7\n');
  });

  it('has markers around its bytes where both sides changed a line, and where the template removes it', async () => {
    const { 'docs/c.md': _, ...rest } = NEXT;
    const shop = await shops.openShop(OLD, rest);
    writeFileSync(join(shop.orders, 'a.txt'), Buffer.from('\xe9\n2\n3\n4\n5\n6\n7\n', 'latin1'));
    writeFileSync(join(shop.orders, 'docs/c.md'), Buffer.from('c\nth\xe9\n', 'latin1'));
    await shops.commit(shop);
    await upgradeBothWays(shop, 4);
    expect(readFileSync(join(shop.orders, 'a.txt'), 'latin1')).toMatch(
      /^<<<<<<< yours\n\xe9\n\|{7} .*\n1\n=======\none\n>>>>>>> /,
    );
    expect(readFileSync(join(shop.orders, 'docs/c.md'), 'latin1')).toMatch(/^<<<<<<< yours\nc\nth\xe9\n/);
    removeFolder(shop.parent);
  });

  it('in JSON is merged by lines and not by key', async () => {
    const shop = shops.copyOf(opened);
    writeFileSync(join(shop.orders, 'b.json'), Buffer.from('{\n  "name": "\xe9",\n  "a": 1,\n  "b": 2\n}\n', 'latin1'));
    await shops.commit(shop);
    await upgradeBothWays(shop, 0);
    const text = readFileSync(join(shop.orders, 'b.json'), 'latin1');
    expect(text).toBe('{\n  "name": "\xe9",\n  "a": 1,\n  "b": 3\n}\n');
  });
});

describe('names that are not UTF-8', () => {
  it('of folders and files are left alone, in place and in a branch', async () => {
    const shop = shops.copyOf(opened);
    mkdirSync(foreign(shop.orders, 'folder'));
    writeFileSync(Buffer.concat([foreign(shop.orders, 'folder'), Buffer.from('/a.txt')]), 'mine\n');
    writeFileSync(foreign(join(shop.orders, 'docs'), '.md'), 'mine\n');
    await shops.commit(shop);
    const before = [names(shop.orders), names(join(shop.orders, 'docs'))];
    await upgradeBothWays(shop, 0);
    expect([names(shop.orders), names(join(shop.orders, 'docs'))]).toEqual(before);
    expect(before).toEqual([
      ['a.txt', 'b.json', 'docs', '\xfffolder'],
      ['c.md', '\xff.md'],
    ]);
  });

  it('that a file of the template got from the team count as deleted, and the summary says so', async () => {
    const shop = shops.copyOf(opened);
    renameSync(join(shop.orders, 'a.txt'), foreign(shop.orders, '.txt'));
    await shops.commit(shop);
    const files = await upgradeBothWays(shop, 0);
    expect(files).toContainEqual(
      expect.objectContaining({ path: 'a.txt', outcome: 'deleted by you', note: 'the template changed it' }),
    );
    expect(names(shop.orders)).toContain('\xff.txt');
  });

  it('stay where the template wants a file in place of their folder', async () => {
    const shop = await shops.openShop({ 'docs/c.md': 'c\n', 'x.txt': 'x\n' }, { docs: 'd\n', 'x.txt': 'x\n' });
    writeFileSync(foreign(join(shop.orders, 'docs'), '.md'), 'mine\n');
    await shops.commit(shop);
    await upgradeBothWays(shop, 4);
    expect(names(join(shop.orders, 'docs'))).toEqual(['\xff.md']);
    expect(names(shop.orders)).toContain('docs.twelve-theirs');
    removeFolder(shop.parent);
  });

  it.each([
    ['audit', ['audit', '.']],
    ['rehearse', ['rehearse', '--preset', '../preset']],
    ['explain', ['explain', 'docs/c.md']],
    ['add-task', ['add-task', 'sweep', '--yes', '--plan']],
  ])('do not stop %s', async (_what, args) => {
    const shop = shops.copyOf(opened);
    for (const folder of ['.', 'docs', 'src']) {
      mkdirSync(join(shop.orders, folder), { recursive: true });
      mkdirSync(foreign(join(shop.orders, folder), 'folder'));
      writeFileSync(foreign(join(shop.orders, folder), '.md'), 'mine\n');
    }
    await shops.commit(shop);
    const result = await run(args, shop.options);
    const alone = shops.copyOf(opened);
    const expected = await run(args, alone.options);
    expect([result.code, result.stdout.replaceAll(shop.parent, '')], result.stderr).toEqual([
      expected.code,
      expected.stdout.replaceAll(alone.parent, ''),
    ]);
  });
});

describe('another repository in the service', () => {
  it('is left alone, and a file of the template goes beside it', async () => {
    const shop = await shops.openShop({ 'x.txt': 'x\n' }, { 'x.txt': 'y\n', 'library/a.txt': 'theirs\n' });
    const library = { ...shop, orders: join(shop.orders, 'library') };
    write(library.orders, { 'b.txt': 'b\n' });
    await shops.git(library, 'init', '-q', '-b', 'main');
    await shops.commit(library);
    write(shop.orders, { '.gitmodules': '[submodule "library"]\n\tpath = library\n\turl = ./library\n' });
    await shops.commit(shop);
    await upgradeBothWays(shop, 4);
    expect(readdirSync(library.orders).sort()).toEqual(['.git', 'b.txt']);
    expect(readFileSync(join(shop.orders, 'library.twelve-theirs/a.txt'), 'utf8')).toBe('theirs\n');
    await shops.git(shop, 'reset', '-q', '--hard', 'HEAD');
    // As in a fresh clone, before somebody fetches it.
    rmSync(library.orders, { recursive: true });
    mkdirSync(library.orders);
    const result = await shops.upgrade(shop, '--plan', '--format', 'json');
    expect(JSON.parse(result.stdout)).toMatchObject({ conflicts: ['library.twelve-theirs/a.txt'] });
    removeFolder(shop.parent);
  });
});
