import { readFileSync, renameSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { removeFolder } from '../support/folder.ts';
import { commit, git, openShop, removeSmallProgram, upgrade } from '../support/shop.ts';
import { textAfter, told, upgradeSmall } from '../support/small-upgrade.ts';

type Files = Readonly<Record<string, string>>;

const lines = (...added: string[]) => `one\ntwo\nthree\nfour\nfive\n${added.map((line) => `${line}\n`).join('')}`;

const below = (folder: string, files: Files): Files =>
  Object.fromEntries(Object.entries(files).map(([path, text]) => [`${folder}/${path}`, text]));

const OLD = below('docs', { 'x.md': lines(), 'deep/y.md': lines('y') });
const NEXT = below('docs', { 'x.md': lines('template'), 'deep/y.md': lines('y'), 'new.md': 'new\n' });

describe('a folder that the team moved, with a link in its place', () => {
  const MINE = { 'real/x.md': `ours\n${lines()}` };
  const REAL = below('real', { 'x.md': `ours\n${lines()}`, 'deep/y.md': lines('y') });

  it.each([
    ['docs', 'real'],
    ['docs', './real/'],
  ])('gets what the template changes and adds (%s -> %s)', async (link, target) => {
    const upgraded = await upgradeSmall({ old: OLD, next: NEXT, team: REAL, links: { [link]: target } });
    expect(textAfter(upgraded, 'real/x.md')).toBe(`ours\n${lines('template')}`);
    expect(textAfter(upgraded, 'real/new.md')).toBe('new\n');
    expect(
      upgraded.files.filter(({ outcome }) => outcome !== 'unchanged').map(({ path, outcome }) => [path, outcome]),
    ).toEqual([
      ['real/new.md', 'created'],
      ['real/x.md', 'merged'],
    ]);
    expect(upgraded.notes).toEqual([`docs is a link to real: changes of the template go there`]);
    expect(upgraded.exit).toBe(0);
  });

  it('gets it through several links, and one inside the folder', async () => {
    const team = { ...below('a/real', { 'x.md': lines() }), 'b/y.md': lines('y') };
    const links = { docs: 'a/docs', 'a/docs': 'real', 'a/real/deep': '../../b' };
    const next = below('docs', { 'x.md': lines('template'), 'deep/y.md': lines('y', 'template') });
    const upgraded = await upgradeSmall({ old: OLD, next, team, links });
    expect([textAfter(upgraded, 'a/real/x.md'), textAfter(upgraded, 'b/y.md')]).toEqual([
      lines('template'),
      lines('y', 'template'),
    ]);
  });

  it.each([
    ['outside', '../real'],
    ['at an absolute path', '/real'],
    ['nowhere', 'nothing'],
    ['in a circle', 'docs'],
    ['in the root', '.'],
  ])('is a conflict if the link ends %s, and nothing is written through it', async (_where, target) => {
    const upgraded = await upgradeSmall({ old: OLD, next: NEXT, team: MINE, links: { docs: target } });
    expect(upgraded.files.map(({ path, outcome }) => [path, outcome])).toEqual([
      ['always.txt', 'unchanged'],
      ['docs/deep/y.md', 'kept'],
      ['docs/new.md', 'conflict'],
      ['docs/x.md', 'conflict'],
    ]);
    expect(textAfter(upgraded, 'real/x.md')).toBe(MINE['real/x.md']);
    expect(upgraded.exit).toBe(4);
  });

  it('is a conflict if the template has files of its own there', async () => {
    const other = { 'real/x.md': 'other\n' };
    const links = { docs: 'real' };
    const upgraded = await upgradeSmall({ old: { ...OLD, ...other }, next: { ...NEXT, ...other }, team: other, links });
    expect([told(upgraded, 'docs/x.md')?.outcome, textAfter(upgraded, 'real/x.md')]).toEqual(['conflict', 'other\n']);
  });
});

describe('a folder that moved as a whole', () => {
  const files = Object.fromEntries(
    Array.from({ length: 53 }, (_, at) => [`part${at % 7}/${at}.ts`, lines(`file ${at}`)]),
  );
  const edited: Files = { ...files, 'part0/0.ts': lines('file 0', 'template') };
  const { 'part1/1.ts': _removed, ...next }: Files = { ...edited, 'part0/new.ts': 'new\n', 'other/new.ts': 'new\n' };

  const upgradeTo = (team: Files, after: Files = next) =>
    upgradeSmall({ old: below('src', files), next: below('src', after), team });

  it('gets what the template changes, adds and removes', async () => {
    const upgraded = await upgradeTo(below('app/src', files));
    const changed = upgraded.files.filter(({ outcome }) => outcome !== 'unchanged');
    expect(changed.map(({ path, outcome }) => [path, outcome])).toEqual([
      ['app/src/other/new.ts', 'created'],
      ['app/src/part0/0.ts', 'updated'],
      ['app/src/part0/new.ts', 'created'],
      ['app/src/part1/1.ts', 'removed'],
    ]);
    expect(upgraded.notes).toEqual(['you moved src/ to app/src/ (53 files): changes of the template go there']);
    expect(upgraded.exit).toBe(0);
    expect(Object.keys(upgraded.manifest.files)).toContain('src/part0/0.ts');
  });

  it('is found although some files were edited, and some deleted', async () => {
    const { 'part2/2.ts': _deleted, ...rest } = files;
    const mine = { ...rest, 'part0/0.ts': `ours\n${files['part0/0.ts']}`, 'part3/3.ts': 'all new\n' };
    const upgraded = await upgradeTo(below('lib', mine));
    expect(textAfter(upgraded, 'lib/part0/0.ts')).toBe(`ours\n${edited['part0/0.ts']}`);
    expect(textAfter(upgraded, 'lib/part3/3.ts')).toBe('all new\n');
    expect(told(upgraded, 'lib/part2/2.ts')).toMatchObject({ outcome: 'deleted by you' });
  });

  it('may be one of two that went different ways', async () => {
    const is0 = ([path]: [string, string]) => path.startsWith('part0/');
    const [zero, others] = [is0, (entry: [string, string]) => !is0(entry)].map((keep) =>
      Object.fromEntries(Object.entries(files).filter(keep)),
    ) as [Files, Files];
    const upgraded = await upgradeTo({ ...below('kept', zero), ...below('app/src', others) });
    expect(textAfter(upgraded, 'kept/part0/0.ts')).toBe(edited['part0/0.ts']);
    expect(textAfter(upgraded, 'app/src/part1/1.ts')).toBeUndefined();
    expect(upgraded.notes).toEqual([
      'you moved src/ to app/src/ (45 files): changes of the template go there',
      'you moved src/part0/ to kept/part0/ (8 files): changes of the template go there',
    ]);
  });

  it('did not move if a file of it stays', async () => {
    const { 'part1/1.ts': stays, ...moved } = files;
    const upgraded = await upgradeTo({ ...below('app/src', moved), 'src/part1/1.ts': stays ?? '' });
    expect(textAfter(upgraded, 'src/other/new.ts')).toBe('new\n');
    // Git still finds the file that the template changed. A subfolder may have moved as a whole.
    expect(textAfter(upgraded, 'app/src/part0/0.ts')).toBe(edited['part0/0.ts']);
    expect(upgraded.notes.filter((note) => note.startsWith('you moved src/ '))).toEqual([]);
  });

  it('did not move if the team copied it', async () => {
    const copied = await upgradeTo({ ...below('src', files), ...below('app/src', files) });
    expect([textAfter(copied, 'src/part0/0.ts'), textAfter(copied, 'app/src/part0/0.ts')]).toEqual([
      edited['part0/0.ts'],
      files['part0/0.ts'],
    ]);
    expect(copied.notes).toEqual([]);
  });

  it('did not move if only empty files are alike', async () => {
    const upgraded = await upgradeSmall({
      old: { 'a/.keep': '' },
      next: { 'a/.keep': '', 'a/new.md': 'new\n' },
      team: { 'b/.keep': '' },
    });
    expect(textAfter(upgraded, 'a/new.md')).toBe('new\n');
  });

  it('changes nothing the second time', async () => {
    const first = await upgradeTo(below('app/src', files));
    const team = Object.fromEntries([...first.tree.keys()].map((path) => [path, textAfter(first, path) ?? '']));
    const second = await upgradeSmall({ old: below('src', next), next: below('src', next), team });
    expect(second.files.filter(({ outcome }) => outcome !== 'unchanged')).toEqual([]);
    expect([second.notes, second.exit]).toEqual([[], 0]);
  });
});

describe('the program finds a folder behind a link', () => {
  afterAll(removeSmallProgram);

  it('in the checkout, and in what is committed', async () => {
    const shop = await openShop(
      { 'docs/x.md': lines(), 'docs/deep/y.md': lines('y') },
      { 'docs/x.md': lines('template'), 'docs/deep/y.md': lines('y') },
    );
    renameSync(join(shop.orders, 'docs'), join(shop.orders, 'real'));
    symlinkSync('real', join(shop.orders, 'docs'));
    await commit(shop);
    const branched = await upgrade(shop, '--branch=next', '--format', 'markdown');
    const placed = await upgrade(shop);
    expect([branched.code, placed.code]).toEqual([0, 0]);
    expect(await git(shop, 'show', 'next:real/x.md')).toBe(lines('template'));
    expect(readFileSync(join(shop.orders, 'real/x.md'), 'utf8')).toBe(lines('template'));
    for (const report of [branched.stdout, placed.stderr])
      expect(report).toContain('docs is a link to real: changes of the template go there');
    removeFolder(shop.parent);
  });
});
