import type { FileChange } from '../plan.ts';
import type { RepoPath } from '../repo-path.ts';
import { sameFile, type TreeFile } from '../tree.ts';

/** What stands at a path of a team's tree that no template writes: kept as it is. */
export interface OddFile {
  readonly odd: 'a link' | 'a folder' | 'a device';
}

/** A service as its team has it. */
export type TeamTree = ReadonlyMap<RepoPath, TreeFile | OddFile>;

/** What an upgrade did to a file, as the summary says it. */
export type Outcome =
  | 'created'
  | 'updated'
  | 'merged'
  | 'moved'
  | 'removed'
  | 'kept'
  | 'deleted by you'
  | 'conflict'
  | 'unchanged';

export interface MergedFile {
  readonly path: RepoPath;
  readonly outcome: Outcome;
  /** What each side meant, or why. */
  readonly note?: string;
  /** What shall stand there: `null` for nothing, not set for what stands there now. */
  readonly after?: TreeFile | null;
  /** The other side of a conflict, where markers cannot stand. */
  readonly beside?: { readonly path: RepoPath; readonly file: TreeFile };
  /** Where it stood before. */
  readonly from?: RepoPath;
  /** What a person has to do, or decide, though nothing is in conflict. */
  readonly attention?: string;
}

export function isOdd(file: TreeFile | OddFile | undefined): file is OddFile {
  return file !== undefined && 'odd' in file;
}

/** The changes that make of a team's tree what was merged, sorted by path. */
export function changesOf(ours: TeamTree, files: readonly MergedFile[]): FileChange[] {
  const wanted = new Map<RepoPath, TreeFile | null>();
  for (const { path, after, beside, from } of files) {
    const existing = ours.get(path);
    const source = from === undefined ? undefined : ours.get(from);
    if (after !== undefined) wanted.set(path, after);
    else if (source && !isOdd(source) && !existing) wanted.set(path, source);
    if (from !== undefined) wanted.set(from, null);
    if (beside) wanted.set(beside.path, beside.file);
  }
  const changes = [...wanted].flatMap(([path, after]): FileChange[] => {
    const before = ours.get(path);
    if (isOdd(before)) return [];
    if (!before) return after ? [{ kind: 'create', path, after }] : [];
    if (!after) return [{ kind: 'delete', path, before }];
    return sameFile(before, after) ? [] : [{ kind: 'update', path, before, after }];
  });
  return changes.sort((a, b) => (a.path < b.path ? -1 : 1));
}
