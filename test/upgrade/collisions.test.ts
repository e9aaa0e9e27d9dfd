import { describe, expect, it } from 'vitest';
import type { OddFile } from '../../engine/core/merge/merged-file.ts';
import type { RepoPath } from '../../engine/core/repo-path.ts';
import type { TreeFile } from '../../engine/core/tree.ts';
import { type Upgraded, upgradeAll, visible } from '../support/merging.ts';

/**
 * What of a team is in the way of a file of the template. Nothing of it is replaced; the template's file goes beside it,
 * and the exit code is 4.
 */
type Files = Readonly<Record<string, string | OddFile>>;

interface Case {
  readonly old: Files;
  readonly next: Files;
  readonly move?: Readonly<Record<string, string>>;
  /** Edits of the team on top of the old version; `null` removes. */
  readonly team: Readonly<Record<string, string | OddFile | null>>;
}

const LINK: OddFile = { odd: 'a link' };
const FOLDER: OddFile = { odd: 'a folder' };
const REPOSITORY: OddFile = { odd: 'a repository' };

const treeOf = <T>(files: Readonly<Record<string, T>>) =>
  new Map(
    Object.entries(files).map(([path, what]) => [
      path as RepoPath,
      typeof what === 'string' ? { content: Buffer.from(what), mode: 0o644 as const } : (what as OddFile & TreeFile),
    ]),
  );

async function upgradeOne({ old, next, move = {}, team }: Case): Promise<Upgraded> {
  const migrations = [{ version: '2.0.0', move }];
  const [upgraded] = await upgradeAll([
    {
      old: { files: treeOf(old) as ReadonlyMap<RepoPath, TreeFile> },
      next: {
        files: treeOf(next) as ReadonlyMap<RepoPath, TreeFile>,
        preset: Object.keys(move).length > 0 ? { migrations } : {},
      },
      team: () => {
        const present = Object.entries({ ...old, ...team }).filter(([, what]) => what !== null);
        return treeOf(Object.fromEntries(present) as Files);
      },
    },
  ]);
  return upgraded as Upgraded;
}

const told = ({ files }: Upgraded) =>
  Object.fromEntries(files.filter(({ outcome }) => outcome !== 'unchanged').map((one) => [one.path, one.outcome]));

const noteAt = ({ files }: Upgraded, path: string) => files.find((one) => one.path === path)?.note;

const MOVE_DOWN = {
  old: { 'docs/b.md': 'b\n' },
  next: { 'docs/guide/b.md': 'b\n' },
  move: { 'docs/b.md': 'docs/guide/b.md' },
};
const MOVE_OUT = { old: { 'docs/b.md': 'b\n' }, next: { guide: 'b\n' }, move: { 'docs/b.md': 'guide' } };

describe('a file that the template moves', () => {
  it.each<[string, Case, Files]>([
    [
      'where a file of the team is above it',
      { ...MOVE_DOWN, team: { 'docs/guide': 'ours\n' } },
      { 'docs/guide': 'ours\n', 'docs/guide.twelve-theirs/b.md': 'b\n' },
    ],
    [
      'where a link of the team is above it',
      { ...MOVE_DOWN, team: { 'docs/guide': LINK } },
      { 'docs/guide': LINK, 'docs/guide.twelve-theirs/b.md': 'b\n' },
    ],
    [
      'where a folder of the team is',
      { ...MOVE_OUT, team: { 'guide/ours.md': 'ours\n' } },
      { 'guide/ours.md': 'ours\n', 'guide.twelve-theirs': 'b\n' },
    ],
    [
      'where a link of the team is',
      { ...MOVE_OUT, team: { guide: LINK } },
      { guide: LINK, 'guide.twelve-theirs': 'b\n' },
    ],
    [
      'where a folder is whose files are not text',
      { ...MOVE_OUT, team: { guide: FOLDER } },
      { guide: FOLDER, 'guide.twelve-theirs': 'b\n' },
    ],
    [
      'into another repository',
      { ...MOVE_DOWN, team: { 'docs/guide': REPOSITORY } },
      { 'docs/guide': REPOSITORY, 'docs/guide.twelve-theirs/b.md': 'b\n' },
    ],
    [
      'where another file of the team is',
      { ...MOVE_OUT, team: { guide: 'ours\n' } },
      { guide: 'ours\n', 'guide.twelve-theirs': 'b\n' },
    ],
    [
      'where a file of the team is whose name differs by case',
      { ...MOVE_OUT, team: { Guide: 'ours\n' } },
      { Guide: 'ours\n', 'guide.twelve-theirs': 'b\n' },
    ],
    [
      'where the name beside it is taken by a file, and the next one by a folder',
      { ...MOVE_OUT, team: { guide: LINK, 'guide.twelve-theirs': '1\n', 'guide.2.twelve-theirs/x': '2\n' } },
      {
        guide: LINK,
        'guide.twelve-theirs': '1\n',
        'guide.2.twelve-theirs/x': '2\n',
        'guide.3.twelve-theirs': 'b\n',
      },
    ],
  ])('%s: goes beside it', async (_what, one, tree) => {
    const upgraded = await upgradeOne(one);
    expect(visible(upgraded.tree)).toEqual(visible(treeOf(tree)));
    expect(upgraded.exit).toBe(4);
    expect(upgraded.manifest.pending?.conflicts).toEqual([expect.stringContaining('.twelve-theirs')]);
  });

  it('and that the team edited stays where it is, and the summary says so', async () => {
    const upgraded = await upgradeOne({ ...MOVE_DOWN, team: { 'docs/guide': 'ours\n', 'docs/b.md': 'b\nours\n' } });
    expect(visible(upgraded.tree)).toEqual(
      visible(treeOf({ 'docs/b.md': 'b\nours\n', 'docs/guide': 'ours\n', 'docs/guide.twelve-theirs/b.md': 'b\n' })),
    );
    expect(told(upgraded)).toEqual({ 'docs/b.md': 'kept', 'docs/guide/b.md': 'conflict' });
    expect(noteAt(upgraded, 'docs/guide/b.md')).toBe(
      'docs/guide is in the way; your edited docs/b.md stays where it is',
    );
  });

  it('to where the team has the very same file is removed, and an edited one is kept', async () => {
    const same = { ...MOVE_OUT, team: { guide: 'b\n' } };
    expect(visible((await upgradeOne(same)).tree)).toEqual(visible(treeOf({ guide: 'b\n' })));
    const edited = await upgradeOne({ ...same, team: { guide: 'b\n', 'docs/b.md': 'ours\n' } });
    expect(visible(edited.tree)).toEqual(visible(treeOf({ guide: 'b\n', 'docs/b.md': 'ours\n' })));
    expect(told(edited)).toEqual({ 'docs/b.md': 'kept' });
  });

  it('into a folder that takes the place of a file: what is beside it is in that folder', async () => {
    const upgraded = await upgradeOne({
      old: { d: 'd\n', x: '\0a' },
      next: { 'd/x': '\0b' },
      move: { x: 'd/x' },
      team: { x: '\0c' },
    });
    expect(visible(upgraded.tree)).toEqual(visible(treeOf({ 'd/x': '\0c', 'd/x.twelve-theirs': '\0b' })));
  });

  it('and that the team replaced with a link leaves the link, and goes beside the new place if it changed', async () => {
    const same = await upgradeOne({ ...MOVE_OUT, team: { 'docs/b.md': LINK } });
    expect(visible(same.tree)).toEqual({ 'docs/b.md': 'a link' });
    expect([same.exit, told(same)]).toEqual([0, { guide: 'kept' }]);
    const changed = await upgradeOne({ ...MOVE_OUT, next: { guide: 'c\n' }, team: { 'docs/b.md': LINK } });
    expect(visible(changed.tree)).toEqual({ 'docs/b.md': 'a link', 'guide.twelve-theirs': '644 c\n' });
    expect(changed.exit).toBe(4);
  });
});

describe('several moves', () => {
  it('can swap two names, and the edits of the team go along', async () => {
    const swapped = await upgradeOne({
      old: { a: '1\n2\n3\n', b: 'x\ny\nz\n' },
      next: { a: 'x\ny\nz\n', b: '1\n2\n3\n' },
      move: { a: 'b', b: 'a' },
      team: { a: 'one\n2\n3\n', b: 'x\ny\nZ\n' },
    });
    expect(visible(swapped.tree)).toEqual(visible(treeOf({ a: 'x\ny\nZ\n', b: 'one\n2\n3\n' })));
    expect([swapped.exit, told(swapped)]).toEqual([0, { a: 'moved', b: 'moved' }]);
  });

  it('of which one makes room for the next are made together, or neither if the last one cannot', async () => {
    const chain = { old: { a: '1\n', b: '2\n' }, next: { b: '1\n', c: '2\n' }, move: { a: 'b', b: 'c' } };
    const made = await upgradeOne({ ...chain, team: { a: '1\nours\n', b: '2\nours\n' } });
    expect(visible(made.tree)).toEqual(visible(treeOf({ b: '1\nours\n', c: '2\nours\n' })));
    const stuck = await upgradeOne({ ...chain, team: { a: '1\nours\n', b: '2\nours\n', 'c/d': 'ours\n' } });
    expect(visible(stuck.tree)).toEqual(
      visible(
        treeOf({
          a: '1\nours\n',
          b: '2\nours\n',
          'c/d': 'ours\n',
          'b.twelve-theirs': '1\n',
          'c.twelve-theirs': '2\n',
        }),
      ),
    );
  });

  it('to one place: the first one counts, and nothing of the second is lost', async () => {
    const upgraded = await upgradeOne({
      old: { a: '1\n2\n3\n', b: 'x\ny\nz\n' },
      next: { c: '1\n2\n3\n' },
      move: { a: 'c', b: 'c' },
      team: { a: '1\n2\nthree\n', b: 'x\ny\nzed\n' },
    });
    expect(visible(upgraded.tree)).toMatchObject({ c: '644 1\n2\nthree\n', b: expect.stringContaining('zed') });
    expect(told(upgraded)).toEqual({ b: 'conflict', c: 'moved' });
  });
});

describe('a file that the template adds', () => {
  it.each<[string, Case['team'], Files]>([
    [
      'whose name differs by case from one of the team',
      { 'readme.md': 'ours\n' },
      { 'readme.md': 'ours\n', 'README.md.twelve-theirs': 'r\n' },
    ],
    [
      'where a device is',
      { 'README.md': { odd: 'a device' } },
      { 'README.md': { odd: 'a device' }, 'README.md.twelve-theirs': 'r\n' },
    ],
    [
      'whose name beside it is taken',
      { 'README.md': LINK, 'README.md.twelve-theirs': 'ours\n' },
      { 'README.md': LINK, 'README.md.twelve-theirs': 'ours\n', 'README.md.2.twelve-theirs': 'r\n' },
    ],
  ])('%s: goes beside it', async (_what, team, tree) => {
    const upgraded = await upgradeOne({ old: { x: 'x\n' }, next: { x: 'x\n', 'README.md': 'r\n' }, team });
    expect(visible(upgraded.tree)).toEqual(visible(treeOf({ x: 'x\n', ...tree })));
    expect(upgraded.exit).toBe(4);
  });
});
