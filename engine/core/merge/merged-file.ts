import type { RepoPath } from '../repo-path.ts';
import type { TreeFile } from '../tree.ts';

/**
 * Something in a team's tree that is not a regular file. It is kept as it is. `a folder` has something in it that is not
 * in the tree, such as a file whose name is no text: no file can replace it, but there can be files in it.
 */
export interface OddFile {
  readonly odd: 'a link' | 'a folder' | 'a device' | 'a repository';
  /** What a link points to, as it is written in it. */
  readonly target?: string;
}

/** The files of a service as the team has them. */
export type TeamTree = ReadonlyMap<RepoPath, TreeFile | OddFile>;

/** What an upgrade did to a file, in the words of the summary. */
export type FileOutcome =
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
  readonly outcome: FileOutcome;
  /** What each side did, or the reason. */
  readonly note?: string;
  /** The file after the merge: `null` if it is removed, not set if it stays as it is. */
  readonly after?: TreeFile | null;
  /** The template's side of a conflict, in a file of its own, if the file cannot have markers. */
  readonly beside?: { readonly path: RepoPath; readonly file: TreeFile };
  /** Its path before a move. */
  readonly from?: RepoPath;
  /** What a person has to do or decide, although there is no conflict. */
  readonly attention?: string;
}

export function isOdd(file: TreeFile | OddFile | undefined): file is OddFile {
  return file !== undefined && 'odd' in file;
}

/** A file of the team's, unless a link or a device stands there. */
export function teamFile(tree: TeamTree, path: RepoPath): TreeFile | undefined {
  const file = tree.get(path);
  return isOdd(file) ? undefined : file;
}
