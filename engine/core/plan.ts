import type { RepoPath } from './repo-path.ts';
import { hashContent, sameFile, type Tree, type TreeFile } from './tree.ts';

/** The change of one file on disk. Discriminated on `kind`. */
export type FileChange =
  | { readonly kind: 'create'; readonly path: RepoPath; readonly after: TreeFile }
  | { readonly kind: 'update'; readonly path: RepoPath; readonly before: TreeFile; readonly after: TreeFile }
  | { readonly kind: 'delete'; readonly path: RepoPath; readonly before: TreeFile };

/**
 * What a generator decided, as data. `--plan` prints it, and only `applyPlan` carries it out.
 * `notes` say what was not changed and why; `next` are commands for the user.
 */
export interface Plan {
  readonly changes: readonly FileChange[];
  readonly notes: readonly string[];
  readonly next: readonly string[];
}

/** The changes that turn `before` into `after`, sorted by path. A path that only `before` has is not changed. */
export function diffTrees(before: Tree, after: Tree): FileChange[] {
  const changes: FileChange[] = [];
  for (const [path, file] of after) {
    const existing = before.get(path);
    if (!existing) changes.push({ kind: 'create', path, after: file });
    else if (!sameFile(existing, file)) changes.push({ kind: 'update', path, before: existing, after: file });
  }
  return changes.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** A change as JSON, with hashes instead of bytes. */
export function describeChange(change: FileChange): Record<string, unknown> {
  const side = (file: TreeFile) => ({
    hash: hashContent(file.content),
    bytes: file.content.length,
    mode: file.mode.toString(8).padStart(4, '0'),
  });
  return {
    kind: change.kind,
    path: change.path,
    ...('before' in change ? { before: side(change.before) } : {}),
    ...('after' in change ? { after: side(change.after) } : {}),
  };
}
