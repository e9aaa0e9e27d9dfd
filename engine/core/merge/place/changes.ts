import type { FileChange } from '../../plan.ts';
import type { RepoPath } from '../../repo-path.ts';
import { sameFile, type TreeFile } from '../../tree.ts';
import { isOdd, type MergedFile, type TeamTree } from '../merged-file.ts';
import { requireFit } from './require-fit.ts';

/**
 * The changes that turn a team's tree into the merged one, sorted by path. Whoever carries out a merge gets them here.
 * @throws {Error} if they do not fit the tree: see {@link requireFit}
 */
export function changesOf(ours: TeamTree, files: readonly MergedFile[]): FileChange[] {
  const wanted = new Map<RepoPath, TreeFile | null>();
  for (const { from } of files) if (from !== undefined) wanted.set(from, null);
  for (const { path, after, beside, from } of files) {
    const moved = from === undefined ? undefined : ours.get(from);
    if (after !== undefined) wanted.set(path, after);
    else if (moved && !isOdd(moved)) wanted.set(path, moved);
    if (beside) wanted.set(beside.path, beside.file);
  }
  const changes = [...wanted].flatMap(([path, after]): FileChange[] => {
    const before = ours.get(path);
    if (!before || isOdd(before)) return after ? [{ kind: 'create', path, after }] : [];
    if (!after) return [{ kind: 'delete', path, before }];
    return sameFile(before, after) ? [] : [{ kind: 'update', path, before, after }];
  });
  requireFit(ours, changes);
  return changes.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** A team's tree after a merge. */
export function applied(ours: TeamTree, files: readonly MergedFile[]): TeamTree {
  const tree = new Map(ours);
  for (const change of changesOf(ours, files)) {
    if (change.kind === 'delete') tree.delete(change.path);
    else tree.set(change.path, change.after);
  }
  return tree;
}
