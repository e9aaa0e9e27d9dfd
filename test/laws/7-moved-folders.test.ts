// @module-tag wider
import { posix } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isOdd, type OddFile, type TeamTree } from '../../engine/core/merge/merged-file.ts';
import { parseRepoPath, type RepoPath } from '../../engine/core/repo-path.ts';
import type { Tree, TreeFile } from '../../engine/core/tree.ts';
import type { Upgraded, Upgrading } from '../support/merging.ts';
import { forRandomUpgrades } from '../support/upgrade-runs.ts';

/**
 * Laws 4 and 7 where the team moved whole folders or put links in their place: what the template changes arrives, or a
 * person is told. Of seeded files that belong together, all change or none.
 */
const PATHS = ['a/1.md', 'a/2.md', 'a/deep/3.md', 'a/deep/4.md', 'c/5.md', 'c/6.md', 'c/sub/7.md', 'e/8.md'] as const;

interface RandomMove extends Upgrading {
  /** Words of the template that must arrive, and words of the team that must stay. */
  readonly wanted: readonly string[];
  readonly kept: readonly string[];
  /** For each group of seeded files, the words of those that the team did not touch. */
  readonly groups: readonly (readonly string[])[];
}

const file = fc.record({
  theirs: fc.constantFrom('same', 'changed', 'changed', 'removed'),
  ours: fc.constantFrom('same', 'same', 'same', 'same', 'edited', 'deleted'),
});

const folder = fc.record({
  place: fc.constantFrom('stays', 'moved', 'moved', 'linked', 'linked', 'linked out'),
  target: fc.constantFrom('x', 'deep/er', 'y/z'),
  isSeeded: fc.boolean(),
  isNew: fc.boolean(),
});

const randomMove: fc.Arbitrary<RandomMove> = fc
  .record({
    files: fc.tuple(...PATHS.map(() => file)),
    folders: fc.record({ a: folder, c: folder, e: folder }),
  })
  .map(({ files, folders }) => {
    const [old, next] = [new Map<RepoPath, TreeFile>(), new Map<RepoPath, TreeFile>()];
    const team = new Map<RepoPath, TreeFile | OddFile>();
    for (const tree of [old, next, team]) put(tree, 'always.txt', ['-']);
    const [wanted, kept] = [new Set<string>(), new Set<string>()];
    const groups: string[][] = [];
    const placeOf = (path: string) => {
      const top = path.slice(0, 1) as keyof typeof folders;
      const { place, target } = folders[top];
      return place === 'stays' || place === 'linked out' ? path : `${top}.${target}${path.slice(1)}`;
    };
    for (const [top, { place, target, isSeeded, isNew }] of Object.entries(folders)) {
      const untouched: string[] = [];
      // With half of its files deleted, a folder does not count as moved: its files count as deleted.
      const fates = files.filter((_, index) => PATHS[index]?.startsWith(`${top}/`)).map(({ ours }) => ours);
      const isGone = fates.filter((ours) => ours === 'deleted').length * 2 >= fates.length;
      let isTouched = place === 'moved' && isGone;
      for (const [index, path] of PATHS.entries()) {
        if (!path.startsWith(`${top}/`)) continue;
        const { theirs, ours } = files[index] as (typeof files)[number];
        const lines = Array.from({ length: 12 }, (_, line) => `${path} line ${line}`);
        put(old, path, lines);
        if (theirs !== 'removed') put(next, path, theirs === 'same' ? lines : [...lines, `next-${index}`]);
        const isThere = ours !== 'deleted' && place !== 'linked out';
        if (isThere) put(team, placeOf(path), ours === 'same' ? lines : [`ours-${index}`, ...lines]);
        if (ours === 'edited' && isThere) kept.add(`ours-${index}`);
        if (ours !== 'same' && !(ours === 'deleted' && theirs === 'removed')) isTouched = true;
        if (theirs === 'changed' && isThere && !isSeeded) wanted.add(`next-${index}`);
        if (theirs === 'changed' && ours === 'same') untouched.push(`next-${index}`);
      }
      if (isNew) put(next, `${top}/new.md`, [`new-${top}`]);
      if (isNew && place !== 'linked out') untouched.push(`new-${top}`);
      if (isSeeded && place !== 'linked out') groups.push(untouched);
      if (isSeeded && !isTouched && place !== 'linked out') for (const word of untouched) wanted.add(word);
      const link = place === 'linked' ? posix.relative('.', `${top}.${target}`) : '../out';
      if (
        place.startsWith('linked') &&
        [...team.keys()].some((path) => path.startsWith(`${top}.`) || place === 'linked out')
      )
        team.set(parseRepoPath(top), { odd: 'a link', target: link });
    }
    const seeded = Object.entries(folders).flatMap(([top, { isSeeded }]) => (isSeeded ? [top] : []));
    const preset = { ownership: seeded.map((top) => [`${top}/**`, 'seeded'] as [string, 'seeded']) };
    return {
      old: { files: old as Tree, preset },
      next: { files: next as Tree, preset },
      team: (): TeamTree => team,
      wanted: [...wanted],
      kept: [...kept],
      groups,
    };
  });

function put(tree: Map<RepoPath, TreeFile | OddFile>, path: string, lines: readonly string[]): void {
  tree.set(parseRepoPath(path), { mode: 0o644, content: Buffer.from(`${lines.join('\n')}\n`) });
}

const allText = ({ tree }: Upgraded): string =>
  [...tree.values()].map((one) => (isOdd(one) ? '' : Buffer.from(one.content).toString())).join('');

it('what the template changes reaches folders that the team moved or linked', { timeout: 300_000 }, async () => {
  let followed = 0;
  await forRandomUpgrades(randomMove, (upgraded, drawn) => {
    for (const [index, one] of upgraded.entries()) {
      const { wanted, kept, groups } = drawn[index] as RandomMove;
      const [text, told] = [
        allText(one),
        JSON.stringify([one.notes, one.files.map(({ path, outcome, note }) => [path, outcome, note])]),
      ];
      expect(
        kept.filter((word) => !text.includes(word)),
        told,
      ).toEqual([]);
      const lost = wanted.filter((word) => !text.includes(word));
      expect(one.exit === 4 ? [] : lost, told).toEqual([]);
      for (const words of groups) {
        const arrived = words.filter((word) => text.includes(word));
        expect([0, words.length], `${words}: ${told}`).toContain(arrived.length);
      }
      followed += one.notes.length;
    }
  });
  expect(followed).toBeGreaterThan(10);
});
